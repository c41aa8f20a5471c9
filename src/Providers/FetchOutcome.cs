namespace GitOpsSecrets.Providers;

/// <summary>What a batch brought for one request: a secret, its absence (both null), or a failure of its own.</summary>
public readonly record struct FetchOutcome(RemoteSecret? Secret, ProviderException? Failure)
{
    public static FetchOutcome Absent => default;

    public static FetchOutcome Of(RemoteSecret? secret) => new(secret, null);

    public static FetchOutcome Failed(ProviderException failure) => new(null, failure);
}
