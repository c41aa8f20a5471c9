namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>An object that cannot be rendered. The message says why and what can be done, and holds no value.</summary>
internal sealed class RenderException : Exception
{
    public RenderException(string message) : base(message) { }

    public RenderException(string message, Exception cause) : base(message, cause) { }
}
