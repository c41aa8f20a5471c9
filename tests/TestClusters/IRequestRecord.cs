using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.TestClusters;

/// <summary>What was asked of an API server, so that a test can say "and nothing was written"; bodies never.</summary>
public interface IRequestRecord
{
    /// <summary>The requests since the last <see cref="Clear"/> that were answered, watches from their beginning.</summary>
    IReadOnlyList<RecordedRequest> All();

    void Clear();

    int Count(Func<RecordedRequest, bool> predicate) => All().Count(predicate);
}
