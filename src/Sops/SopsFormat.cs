namespace GitOpsSecrets.Sops;

/// <summary>What kind of text a SOPS file is.</summary>
public enum SopsFormat
{
    Yaml,
    Json,
    Dotenv,
    Ini,

    /// <summary>Any bytes, sealed as one value in a JSON file.</summary>
    Binary,
}
