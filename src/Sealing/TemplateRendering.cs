using System.Diagnostics.CodeAnalysis;

namespace GitOpsSecrets.Sealing;

/// <summary>Output of a template, or why it has none.</summary>
public sealed class TemplateRendering
{
    private TemplateRendering(byte[]? output, string? error)
    {
        Output = output;
        Error = error;
    }

    public byte[]? Output { get; }

    /// <summary>The engine's text, for example <c>template: t:1: unclosed action</c>. It reaches status and events.</summary>
    public string? Error { get; }

    [MemberNotNullWhen(true, nameof(Output))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public static TemplateRendering Of(byte[] output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return new TemplateRendering(output, null);
    }

    public static TemplateRendering Failed(string error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new TemplateRendering(null, error);
    }
}
