namespace GitOpsSecrets.Api.ExternalSecrets;

public static class DecodingStrategy
{
    /// <summary>Base64 or base64url where a value is valid as such, as it is otherwise.</summary>
    public const string Auto = "Auto";
    public const string Base64 = "Base64";
    public const string Base64Url = "Base64URL";
    public const string None = "None";
}
