using System.Text;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Makes another value each time: 1, 2, 3. Answers for the kind Password.</summary>
internal sealed class CountingGenerator : IGenerator
{
    private int made;

    public int Made => Volatile.Read(ref made);

    public string Kind => "Password";

    public IReadOnlyList<string> Check(GeneratorRequest request) => [];

    public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        var values = new SecretValues();
        values.Set("password", Encoding.UTF8.GetBytes($"{Interlocked.Increment(ref made)}"));
        return Task.FromResult(new Generated(values));
    }
}
