namespace GitOpsSecrets.Providers.Generators.SshKey;

/// <summary>A key pair as SSH writes it. Zeroed when disposed.</summary>
/// <param name="Algorithm">Such as <c>ssh-ed25519</c>.</param>
internal sealed record SshKeyPair(string Algorithm) : IDisposable
{
    /// <summary>The public key, its algorithm included: what stands in base64 in authorized_keys.</summary>
    public SecretBuffer PublicKey { get; } = new();

    /// <summary>The private key, its algorithm included, without a comment: what stands within openssh-key-v1.</summary>
    public SecretBuffer PrivateKey { get; } = new();

    public override string ToString() => Algorithm;

    public void Dispose()
    {
        PublicKey.Dispose();
        PrivateKey.Dispose();
    }
}
