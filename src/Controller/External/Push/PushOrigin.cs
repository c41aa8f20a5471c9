using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Where the values of a PushSecret come from, as it is at this moment.</summary>
/// <param name="Secrets">Those that are there.</param>
/// <param name="Mark">Which versions of them.</param>
internal sealed record PushOrigin(IReadOnlyList<NamespacedName> Secrets, string Mark);
