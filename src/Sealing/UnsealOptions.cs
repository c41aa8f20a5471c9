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

    /// <summary>
    /// How many private operations an object may cost in all; one that costs more does not open (<see cref="UnsealFailureKind.TooCostly"/>). An item that no key opens costs one for each
    /// key: what strangers send is bounded by this.
    /// </summary>
    public int MaxPrivateOperations { get; init; } = int.MaxValue;

    /// <summary>Ends opening and re-sealing: looked at before each private operation and each template.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Renders <c>spec.template.data</c>. Without it an object that has some does not open: half a Secret would be worse.</summary>
    public TemplateRenderer? Templates { get; init; }
}
