namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>What happens to characters that the key of a Secret may not have.</summary>
public static class ConversionStrategy
{
    /// <summary>They become <c>_</c>.</summary>
    public const string Default = "Default";

    /// <summary>They become <c>_U1a2b_</c>.</summary>
    public const string Unicode = "Unicode";

    /// <summary>Only when pushing: keys stay as they are. The default there.</summary>
    public const string None = "None";

    /// <summary>Only when pushing: undoes <see cref="Unicode"/>.</summary>
    public const string ReverseUnicode = "ReverseUnicode";
}
