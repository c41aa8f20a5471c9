using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace GitOpsSecrets.TestClusters;

/// <summary>Runs a theory once a kind of cluster: on ours always, on kube-apiserver when <c>KUBEBUILDER_ASSETS</c> is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEachClusterAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        List<ITheoryDataRow> rows = [new TheoryDataRow(ClusterKind.Local)];
        if (RealTestCluster.IsAvailable) rows.Add(new TheoryDataRow(ClusterKind.Real));
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
