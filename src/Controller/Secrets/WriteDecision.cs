using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Secrets;

/// <param name="Action">What to do.</param>
/// <param name="Secret">To create or update: the whole object to send.</param>
/// <param name="Refusal">To refuse: which finding, and the words for the event and the status.</param>
internal sealed record WriteDecision(WriteAction Action, Secret? Secret = null, WriteRefusal? Refusal = null)
{
    public static WriteDecision Nothing { get; } = new(WriteAction.Nothing);
}
