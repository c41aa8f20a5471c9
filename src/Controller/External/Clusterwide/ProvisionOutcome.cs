using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What came of bringing the namespaces in line.</summary>
/// <param name="Failed">Where it could not, with the reason.</param>
/// <param name="Again">A refusal that may be over soon; null when there was none.</param>
internal sealed record ProvisionOutcome(IReadOnlyList<FailedNamespace> Failed, KubeApiException? Again);
