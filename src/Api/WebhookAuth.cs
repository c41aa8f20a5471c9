using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>How an HTTP endpoint is logged in to.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record WebhookAuth
{
    public NtlmAuth? Ntlm { get; init; }

    public sealed record NtlmAuth
    {
        public required SecretKeySelector UsernameSecret { get; init; }
        public required SecretKeySelector PasswordSecret { get; init; }
    }
}
