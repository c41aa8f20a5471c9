using System.Security.Cryptography;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Mfa;

/// <summary>
/// The code that an authenticator app would show (TOTP): <c>token</c>, and <c>timeLeft</c> in seconds. The original never applied
/// <c>algorithm</c> and computed with SHA-1 whatever it said; here it holds.
/// </summary>
/// <remarks>What is generated has no expiry: another code exists only once this one has ended, so that asking for it earlier would give the same.</remarks>
public sealed class MfaGenerator : IGenerator
{
    public string Kind => GeneratorKinds.Mfa;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.MfaSpec, MfaRules.Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.MfaSpec, spec => MfaRules.Unused(spec, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.MfaSpec, MfaRules.Findings);

        // The namespace of whoever wants the code, also where the selector names another: so a generator never lends what its user may not read.
        var text = await request.Cluster.ReadSecretKeyAsync(request.Namespace, spec.Secret.Name!, spec.Secret.Key!, cancellationToken).ConfigureAwait(false);
        try
        {
            using var secret = new SecretBuffer();
            if (!Base32.TryDecode(text, secret) || secret.Length == 0)
            {
                throw new ProviderException(ProviderFailureKind.Invalid, $"key {spec.Secret.Key} of Secret {spec.Secret.Name} holds no base32 text");
            }

            return Generate(spec, secret.Written, request.Time);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static Generated Generate(MfaSpec spec, ReadOnlySpan<byte> secret, TimeProvider time)
    {
        MfaRules.TryReadTime(spec.When, out var when);
        var seconds = (when ?? time.GetUtcNow()).ToUnixTimeSeconds();
        var period = MfaRules.PeriodOf(spec);
        var values = new SecretValues();
        values.Set("token", Totp.Code(secret, MfaRules.HashOf(spec)!.Value, seconds, period, MfaRules.LengthOf(spec)));
        values.Set("timeLeft", Totp.TimeLeft(seconds, period));
        return new Generated(values);
    }
}
