using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Onboardbase.</summary>
public sealed record OnboardbaseStore
{
    /// <summary>https://public.onboardbase.com/api/v1/ by default.</summary>
    [Schema(Nullable = true)]
    public string? ApiHost { get; init; }

    public required AuthBlock Auth { get; init; }

    /// <summary>development by default.</summary>
    [Schema(Nullable = true)]
    public string? Environment { get; init; }

    /// <summary>development by default.</summary>
    [Schema(Nullable = true)]
    public string? Project { get; init; }

    public sealed record AuthBlock
    {
        public required SecretKeySelector ApiKeyRef { get; init; }
        public required SecretKeySelector PasscodeRef { get; init; }
    }
}
