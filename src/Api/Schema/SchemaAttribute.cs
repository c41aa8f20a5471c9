namespace GitOpsSecrets.Api.Schema;

/// <summary>
/// What the definition (CRD) says about a field beyond its C# type. On a list of texts, what limits a text limits each item.
/// Nothing reads this at run time: definitions are made from it by the build's own command.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class SchemaAttribute : Attribute
{
    /// <summary>Such as <c>date-time</c>, <c>byte</c>; empty for an integer of any width.</summary>
    public string? Format { get; init; }

    /// <summary>RE2, unanchored unless it says so.</summary>
    public string? Pattern { get; init; }

    /// <summary>0 means no limit, as everywhere here.</summary>
    public int MinLength { get; init; }
    public int MaxLength { get; init; }
    public int MinItems { get; init; }
    public int MinProperties { get; init; }
    public int MaxProperties { get; init; }
    public int Minimum { get; init; }
    public int Maximum { get; init; }

    /// <summary>The field must be present, though the record can be made without it (C#'s <c>required</c> says the same).</summary>
    public bool Required { get; init; }

    /// <summary>An explicit <c>null</c> is allowed, and says what leaving the field out says. So it is where the original's definition has a default: API servers drop a null there.</summary>
    public bool Nullable { get; init; }

    /// <summary>A whole number or a text.</summary>
    public bool IntOrString { get; init; }

    /// <summary>The type that describes the field, where the field itself is kept as JSON.</summary>
    public Type? Of { get; init; }

    /// <summary>Replaced as a whole by server-side apply.</summary>
    public bool Atomic { get; init; }
}
