namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Whether the store can be used.</summary>
public sealed record SecretStoreStatus
{
    public const string ReadOnly = "ReadOnly";
    public const string WriteOnly = "WriteOnly";
    public const string ReadWrite = "ReadWrite";

    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>ReadOnly, WriteOnly or ReadWrite.</summary>
    public string? Capabilities { get; init; }

    /// <summary>The generation that the conditions speak of.</summary>
    public long? ObservedGeneration { get; init; }
}
