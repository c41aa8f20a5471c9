using System.Globalization;
using System.Security.Cryptography;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Mfa;

/// <summary>What the fields of an MFA generator mean, and what is wrong with them.</summary>
internal static class MfaRules
{
    /// <summary>A code is at most 31 bits.</summary>
    private const int MaxLength = 10;

    public static IEnumerable<string> Findings(MfaSpec spec)
    {
        if (string.IsNullOrEmpty(spec.Secret.Name)) yield return "spec.secret.name is required";
        if (string.IsNullOrEmpty(spec.Secret.Key)) yield return "spec.secret.key is required";
        if (LengthOf(spec) > MaxLength) yield return $"spec.length must be at most {MaxLength}";
        if (HashOf(spec) is null) yield return "spec.algorithm must be one of sha1, sha256, sha384 and sha512";
        if (!TryReadTime(spec.When, out var when)) yield return "spec.when must be a time as in 2026-01-31T12:00:00Z";
        else if (when < DateTimeOffset.UnixEpoch) yield return "spec.when must not be before 1970";
    }

    /// <summary>What was given and has no effect.</summary>
    /// <param name="namespace">Of whoever wants the code, where the secret is read.</param>
    public static IEnumerable<string> Unused(MfaSpec spec, string @namespace)
    {
        if (spec.Length is <= 0) yield return "spec.length";
        if (spec.TimePeriod is <= 0) yield return "spec.timePeriod";
        foreach (var field in UnusedOptions.Namespace("spec.secret", spec.Secret.Namespace, @namespace)) yield return field;
    }

    public static int LengthOf(MfaSpec spec) => spec.Length is > 0 and var length ? length : 6;

    /// <summary>Seconds.</summary>
    public static int PeriodOf(MfaSpec spec) => spec.TimePeriod is > 0 and var period ? period : 30;

    /// <summary>Null when there is no such algorithm.</summary>
    public static HashAlgorithmName? HashOf(MfaSpec spec) => spec.Algorithm?.ToUpperInvariant() switch
    {
        null or "" or "SHA1" => HashAlgorithmName.SHA1,
        "SHA256" => HashAlgorithmName.SHA256,
        "SHA384" => HashAlgorithmName.SHA384,
        "SHA512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    /// <summary>The time that the spec names; null when it names none, for now.</summary>
    public static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)) return false;
        time = read;
        return true;
    }
}
