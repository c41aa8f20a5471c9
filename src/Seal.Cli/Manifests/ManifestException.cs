namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>An input that cannot be read as objects. The message names the place, never a value.</summary>
internal sealed class ManifestException : Exception
{
    public ManifestException(string message) : base(message) { }

    public ManifestException(string message, Exception cause) : base(message, cause) { }
}
