namespace GitOpsSecrets.Sealing;

/// <summary>How to open.</summary>
public sealed record UnsealOptions
{
    public static UnsealOptions Default { get; } = new();

    /// <summary>Open the legacy <c>spec.data</c> form. The controller does unless told otherwise; the CLI's recovery does not.</summary>
    public bool AcceptLegacyData { get; init; } = true;

    /// <summary>Fingerprints to try first, besides the object's own annotation: say, the keys that opened it last time.</summary>
    public IReadOnlyList<string> KeyHints { get; init; } = [];

    /// <summary>How many items to open at the same time.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How many private operations an object that does not open may cost in finding out why (other scopes, the name in its template).
    /// 0 turns the search off; then such failures are <see cref="UnsealFailureKind.NoKeyMatches"/>.
    /// </summary>
    public int DiagnosisOperations { get; init; } = 32;

    /// <summary>Renders <c>spec.template.data</c>. Without it an object that has some does not open: half a Secret would be worse.</summary>
    public TemplateRenderer? Templates { get; init; }
}
