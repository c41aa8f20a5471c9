using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>What is said where somebody undoes what we write each time.</summary>
internal static class SecretContest
{
    private const string Pace = "later and later from now on, every five minutes in the end";

    /// <param name="secret">How the sentence begins: what is written.</param>
    /// <param name="found">As it was found; <c>null</c> when it was gone.</param>
    public static string Told(string secret, Secret? found) => found is null
        ? $"{secret} was deleted each time that it came back, which it does {Pace}"
        : $"{secret} was changed{By(SecretOrigin.LastForeignWriter(found))} each time that it was put right, which is done {Pace}; let one of the two write it";

    private static string By(string? manager) => manager is null ? "" : $" by the field manager \"{manager}\"";
}
