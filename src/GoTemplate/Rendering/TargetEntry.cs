namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>One template of an ExternalSecret, ready to be rendered.</summary>
/// <param name="Place">Names it in messages.</param>
/// <param name="Key">What its output is the value of; null where it renders to a map (KeysAndValues).</param>
/// <param name="Text">The template.</param>
/// <param name="Part">Where its output lands.</param>
internal sealed record TargetEntry(string Place, string? Key, string Text, RenderedPart Part)
{
    /// <summary>Whether <see cref="Text"/> comes out of a Secret.</summary>
    public bool IsSecret { get; init; }

    public string DecodingStrategy { get; init; } = "";

    /// <summary>The same as <see cref="Part"/> in the words of the template; in an object that is no Secret it may be a path.</summary>
    public string Target { get; init; } = nameof(RenderedPart.Data);
}
