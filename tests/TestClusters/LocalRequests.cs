using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.TestClusters;

internal sealed class LocalRequests(RequestLog log) : IRequestRecord
{
    public IReadOnlyList<RecordedRequest> All() => log.All();

    public void Clear() => log.Clear();
}
