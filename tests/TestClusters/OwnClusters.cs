using System.Collections.Concurrent;
using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.TestClusters;

/// <summary>
/// A cluster that a test has to itself: one of ours, new; or, with <c>TEST_CLUSTER=real</c>, a kube-apiserver as new: an earlier test left it,
/// and what that made is swept out.
/// </summary>
public static class OwnClusters
{
    private const string Variable = "TEST_CLUSTER";

    private static readonly ConcurrentDictionary<string, ConcurrentBag<SweptCluster>> Idle = new(StringComparer.Ordinal);

    /// <summary>Whether it is kube-apiserver.</summary>
    public static bool AreReal => string.Equals(Environment.GetEnvironmentVariable(Variable), "real", StringComparison.Ordinal);

    /// <param name="definitions">CustomResourceDefinitions, as YAML or JSON, that are served when this completes.</param>
    public static async Task<ITestCluster> TakeAsync(IReadOnlyList<string> definitions, CancellationToken cancellationToken)
    {
        if (!AreReal) return await LocalTestCluster.StartAsync(new LocalApiServerOptions { Manifests = definitions }, cancellationToken);
        var key = string.Join("\n---\n", definitions);
        return Idle.TryGetValue(key, out var bag) && bag.TryTake(out var cluster) ? cluster : await SweptCluster.StartAsync(definitions, swept => Idle.GetOrAdd(key, _ => []).Add(swept), cancellationToken);
    }
}
