using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>An informer of ConfigMaps that runs, and what it told. Told changes read <c>+name</c>, <c>~name</c>, <c>-name</c>.</summary>
internal sealed class Followed : IAsyncDisposable
{
    public static readonly KubeKind<JsonObject> ConfigMaps = KubeKind.Untyped(new KubeResource("", "v1", "configmaps"));

    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public Followed(KubeClient client, InformerOptions<JsonObject> options, TimeProvider time, Action<ObjectChange<JsonObject>>? first = null)
    {
        Informer = new Informer<JsonObject>(client, ConfigMaps, options with { Jitter = () => 0 }, time, NullLogger.Instance);
        if (first is not null)
        {
            Informer.OnChange(first);
        }

        Informer.OnChange(change => Told.Enqueue($"{(change.Old is null ? '+' : change.New is null ? '-' : '~')}{change.Key.Name}"));
        running = Informer.RunAsync(stop.Token);
    }

    public Informer<JsonObject> Informer { get; }

    public ConcurrentQueue<string> Told { get; } = new();

    public Task ToldAsync(params string[] expected) =>
        Eventually.TrueAsync(() => Told.SequenceEqual(expected), $"{string.Join(' ', expected)}");

    public Task SyncedAsync() => Informer.WaitForSyncAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(5));

    /// <summary>Stops the informer; fails if it did not end quietly.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
