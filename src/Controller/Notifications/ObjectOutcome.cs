using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>What a pass over an object came to, for people. Reported with every pass; who hears of it is decided elsewhere.</summary>
/// <param name="Kind">Such as <c>SealedSecret</c>.</param>
/// <param name="Key">Which one.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reason">One word, as in the conditions.</param>
/// <param name="Message">As in the conditions: nothing secret.</param>
internal sealed record ObjectOutcome(string Kind, NamespacedName Key, OutcomeState State, string Reason, string Message = "")
{
    /// <summary>The reason of what is well because it is no more.</summary>
    public const string Deleted = "Deleted";
}
