namespace GitOpsSecrets.Sops.Documents;

/// <summary>The types a value has in SOPS.</summary>
public enum ScalarKind
{
    Null,

    /// <summary>UTF-8 text; in the binary format any bytes.</summary>
    Text,

    /// <summary>A 64-bit integer.</summary>
    Whole,

    /// <summary>An IEEE 754 double.</summary>
    Real,

    Boolean,

    /// <summary>A moment as RFC 3339 text; YAML alone has these.</summary>
    Time,
}
