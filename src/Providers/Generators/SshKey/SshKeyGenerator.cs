using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.SshKey;

/// <summary>An SSH key pair: <c>privateKey</c> as OpenSSH writes it, without a passphrase, and <c>publicKey</c> as a line of authorized_keys.</summary>
public sealed class SshKeyGenerator : IGenerator
{
    internal const int DefaultRsaBits = 2048;
    private const int MinRsaBits = 1024;
    private const int MaxRsaBits = 8192;
    private const int MaxComment = 1024;

    public string Kind => GeneratorKinds.SshKey;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.SshKeySpec, Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.SshKeySpec, spec => SshKeyMaker.Heeds(spec) ? [] : ["spec.keySize"]);
    }

    public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.SshKeySpec, Findings);
        using var pair = SshKeyMaker.Make(spec, request.Random);
        var values = new SecretValues();
        values.Set("privateKey", OpenSshFormat.PrivateKey(pair, spec.Comment ?? "", request.Random));
        values.Set("publicKey", OpenSshFormat.PublicKey(pair, spec.Comment ?? ""));
        return Task.FromResult(new Generated(values));
    }

    private static IEnumerable<string> Findings(SshKeySpec spec)
    {
        if (spec.EffectiveKeyType is not (SshKeySpec.Rsa or SshKeySpec.Ecdsa or SshKeySpec.Ed25519)) yield return "spec.keyType must be one of rsa, ecdsa and ed25519";
        if (spec is { EffectiveKeyType: SshKeySpec.Rsa, KeySize: { } bits } && (bits is < MinRsaBits or > MaxRsaBits || bits % 8 != 0))
        {
            yield return $"spec.keySize of an rsa key must be a multiple of 8 from {MinRsaBits} to {MaxRsaBits}";
        }

        // A line break would begin another line of authorized_keys: another key, for whoever writes the comment.
        if (spec.Comment?.Any(char.IsControl) == true) yield return "spec.comment must be one line";
        if (spec.Comment?.Length > MaxComment) yield return $"spec.comment must have at most {MaxComment} characters";
    }
}
