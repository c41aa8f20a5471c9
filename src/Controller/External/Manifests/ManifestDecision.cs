using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External.Target;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <param name="Action">What to do.</param>
/// <param name="Object">To write: the whole object to send.</param>
/// <param name="Message">To refuse: the original's words.</param>
/// <param name="Cause">To refuse: what is the matter.</param>
internal sealed record ManifestDecision(TargetAction Action, JsonObject? Object = null, string Message = "", string Cause = "")
{
    public override string ToString() => Action.ToString();
}
