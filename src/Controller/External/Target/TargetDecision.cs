using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.External.Target;

/// <param name="Action">What to do.</param>
/// <param name="Secret">To write: the whole object to send.</param>
/// <param name="Message">To refuse: the original's words.</param>
/// <param name="Cause">To refuse: what is the matter.</param>
internal sealed record TargetDecision(TargetAction Action, Secret? Secret = null, string Message = "", string Cause = "")
{
    public static TargetDecision Nothing { get; } = new(TargetAction.Nothing);

    public static TargetDecision Absent { get; } = new(TargetAction.Absent);

    public static TargetDecision Refuse(string message, string cause) => new(TargetAction.Refuse, null, message, cause);

    public override string ToString() => Action.ToString();
}
