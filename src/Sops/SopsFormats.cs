namespace GitOpsSecrets.Sops;

public static class SopsFormats
{
    /// <summary>By extension, as sops does: .yaml .yml .json .env .ini, all else binary.</summary>
    public static SopsFormat FromPath(string path) => Path.GetExtension(path) switch
    {
        ".yaml" or ".yml" => SopsFormat.Yaml,
        ".json" => SopsFormat.Json,
        ".env" => SopsFormat.Dotenv,
        ".ini" => SopsFormat.Ini,
        _ => SopsFormat.Binary,
    };
}
