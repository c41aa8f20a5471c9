using System.Text;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Makes another value each time: 1, 2, 3. Answers for the kind Password.</summary>
internal sealed class CountingGenerator : IGenerator
{
    private int made;

    public int Made => Volatile.Read(ref made);

    /// <summary>How long the value of that number lives; null for ever.</summary>
    public Func<int, TimeSpan?> LifeOf { get; set; } = _ => null;

    /// <summary>Values wait for this.</summary>
    public volatile Task Hold = Task.CompletedTask;

    public string Kind => "Password";

    public IReadOnlyList<string> Check(GeneratorRequest request) => [];

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref made);
        await Hold.WaitAsync(cancellationToken);
        var values = new SecretValues();
        values.Set("password", Encoding.UTF8.GetBytes($"{number}"));
        return new Generated(values, ExpiresAt: request.Time.GetUtcNow() + LifeOf(number));
    }
}
