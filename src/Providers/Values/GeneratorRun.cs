namespace GitOpsSecrets.Providers.Values;

/// <summary>What a generator made.</summary>
/// <param name="Values">The caller's to dispose.</param>
/// <param name="State">What has to be remembered, if anything has.</param>
/// <param name="Used">By which edition of the generator.</param>
public sealed record GeneratorRun(SecretValues Values, GeneratedState? State, UsedGenerator Used)
{
    /// <summary>When the values stop to work; null when they do not, or it is not known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Fields of the generator that were given and have no effect: <c>spec.length</c>.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    public override string ToString() => Used.ToString();
}
