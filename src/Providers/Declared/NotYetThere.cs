namespace GitOpsSecrets.Providers.Declared;

/// <summary>The original's stores that are not there yet, and why: their use gives a condition that says so. Those that it has itself removed (alibaba, device42) are known to nobody.</summary>
internal static class NotYetThere
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["onepasswordSDK"] = "its values are encrypted in the client by a closed module of the vendor's; 1Password Connect (onepassword) is there",
    };

    public static string? ReasonFor(string provider) => Reasons.GetValueOrDefault(provider);

    public static IReadOnlyDictionary<string, string> All => Reasons;
}
