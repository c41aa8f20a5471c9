using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>What is said where somebody undoes what we write each time: to a Secret, or another target of an ExternalSecret.</summary>
internal static class SecretContest
{
    private const string Pace = "later and later from now on, every five minutes in the end";

    /// <param name="target">How the sentence begins: what is written.</param>
    /// <param name="found">As it was found; <c>null</c> when it was gone.</param>
    /// <param name="own">The field manager under which it is written, where that is not one of those that begin with <see cref="WritePolicy.FieldManager"/>.</param>
    public static string Told(string target, ObjectMeta? found, string? own = null) => found is null
        ? $"{target} was deleted each time that it came back, which it does {Pace}"
        : $"{target} was changed{By(SecretOrigin.LastForeignWriter(found, own))} each time that it was put right, which is done {Pace}; let one of the two write it";

    private static string By(string? manager) => manager is null ? "" : $" by the field manager \"{manager}\"";
}
