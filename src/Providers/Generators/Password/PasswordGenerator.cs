using System.Security.Cryptography;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Password;

/// <summary>Random passwords, one for each of <c>secretKeys</c>.</summary>
public sealed class PasswordGenerator : IGenerator
{
    /// <summary>What a Secret holds at most.</summary>
    private const long MaxCharacters = 1024 * 1024;

    private static readonly IReadOnlyList<string> DefaultKeys = ["password"];

    public string Kind => GeneratorKinds.Password;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.PasswordSpec, Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.PasswordSpec, spec => spec.Length is <= 0 ? ["spec.length"] : []);
    }

    public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.PasswordSpec, Findings);
        var plan = PasswordPlan.Of(spec);
        var values = new SecretValues();
        foreach (var key in KeysOf(spec)) values.Set(key, Make(plan, spec.EffectiveEncoding, request.Random));
        return Task.FromResult(new Generated(values));
    }

    private static byte[] Make(PasswordPlan plan, string encoding, RandomNumberGenerator random)
    {
        using var maker = new PasswordMaker(plan, random);
        var password = maker.Make();
        try
        {
            return PasswordEncoding.Encode(password, encoding);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static IEnumerable<string> Findings(PasswordSpec spec)
    {
        var keys = KeysOf(spec);
        if (keys.Any(string.IsNullOrEmpty) || keys.Distinct(StringComparer.Ordinal).Count() < keys.Count) yield return "spec.secretKeys must be non-empty and unique";
        if (!PasswordEncoding.IsKnown(spec.EffectiveEncoding)) yield return "spec.encoding must be one of raw, base64, base64url, base32 and hex";

        var plan = PasswordPlan.Of(spec);
        if ((long)plan.Length * keys.Count > MaxCharacters) yield return $"passwords of {plan.Length} characters for {keys.Count} keys are more than a Secret holds";
        foreach (var problem in plan.Problems()) yield return problem;
    }

    private static IReadOnlyList<string> KeysOf(PasswordSpec spec) => spec.SecretKeys is { Count: > 0 } keys ? keys : DefaultKeys;
}
