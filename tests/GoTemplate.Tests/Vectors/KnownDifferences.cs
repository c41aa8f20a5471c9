namespace GitOpsSecrets.GoTemplate.Tests.Vectors;

/// <summary>Cases where we differ from Go, and why we do.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["limits-007"] = "Same place and wording, but we stop at 10,000 nested templates where Go stops at 100,000.",
    };
}
