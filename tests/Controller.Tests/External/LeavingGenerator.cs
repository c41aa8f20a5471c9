using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Makes tokens 1, 2, 3 that live until they are taken back. Answers for the kind Grafana.</summary>
internal sealed class LeavingGenerator : ICleanUp
{
    private int made;

    /// <summary>Tokens that are alive.</summary>
    public ConcurrentDictionary<int, bool> Alive { get; } = new();

    /// <summary>Why nothing can be taken back now; null when it can.</summary>
    public ProviderException? Trouble { get; set; }

    /// <summary>Whether it makes a mistake when it is to take something back.</summary>
    public volatile bool Errs;

    /// <summary>Whether what it says that it left cannot be written down.</summary>
    public volatile bool LeavesNonsense;

    public string Kind => "Grafana";

    public IReadOnlyList<string> Check(GeneratorRequest request) => [];

    public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref made);
        Alive[number] = true;
        var values = new SecretValues();
        values.Set("token", Encoding.UTF8.GetBytes($"token-{number}"));
        return Task.FromResult(new Generated(values, LeavesNonsense ? default : JsonDocument.Parse($$"""{"number":{{number}}}""").RootElement));
    }

    public Task CleanUpAsync(GeneratorRequest request, JsonElement state, CancellationToken cancellationToken)
    {
        if (Errs) throw new InvalidOperationException("hunter2");
        if (Trouble is { } trouble) throw trouble;
        Alive.TryRemove(state.GetProperty("number").GetInt32(), out _);
        return Task.CompletedTask;
    }
}
