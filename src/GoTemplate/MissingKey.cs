namespace GitOpsSecrets.GoTemplate;

/// <summary>What a map field that is not there gives: Go's option <c>missingkey</c>.</summary>
public enum MissingKey
{
    /// <summary>Prints <c>&lt;no value&gt;</c>: SealedSecrets, rewrites and webhooks.</summary>
    Default,

    /// <summary>The zero value of the map's elements.</summary>
    Zero,

    /// <summary>Execution fails: ExternalSecret target templates.</summary>
    Error,
}
