using System.Text;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Tells a value that somebody could read from ciphertext, placeholders and what is public anyway.</summary>
internal static partial class PlainText
{
    private static readonly string[] Ciphertexts = ["ENC[AES256_GCM,", "-----BEGIN PGP MESSAGE-----", "-----BEGIN AGE ENCRYPTED FILE-----", "age-encryption.org/v1"];

    // A reference to a value elsewhere: vals, bank-vaults, 1Password, OpenBao.
    private static readonly string[] References = ["ref+", "secretref+", "vault:", "op://", "bao:"];

    /// <param name="value">As it stands in the file.</param>
    /// <param name="base64">Whether it is encoded, as in a Secret's data.</param>
    public static bool Is(string value, bool base64) =>
        !IsHarmless(value) && !(base64 && Base64Text.TryDecode(value, out var bytes, out _) && IsHarmless(Encoding.UTF8.GetString(bytes)));

    private static bool IsHarmless(string value)
    {
        var text = value.AsSpan().Trim();
        if (text.Length == 0) return true;
        foreach (var start in Ciphertexts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal)) return true;
        }
        foreach (var start in References)
        {
            if (text.StartsWith(start, StringComparison.Ordinal)) return true;
        }
        // A template's text is there, its values are not.
        if (text.Contains("{{", StringComparison.Ordinal) && text.Contains("}}", StringComparison.Ordinal)) return true;
        return Placeholder().IsMatch(text) || (UserInfo().IsMatch(text) && !text.Contains('\n')) || IsPublic(text);
    }

    /// <summary>Certificates and public keys, and nothing besides.</summary>
    private static bool IsPublic(ReadOnlySpan<char> text) => text.StartsWith("-----BEGIN ", StringComparison.Ordinal) && PublicPem().IsMatch(text);

    [GeneratedRegex("""\A(?:\$\{[^{}]+\}|\$\([^()]+\)|\$[A-Z][A-Z0-9_]*|<[^<>]*>|%[A-Za-z0-9_]+%|@@?[A-Za-z0-9_.-]+@@?|__[A-Za-z0-9_.-]+__|(?i:change[-_ ]?(?:me|it)|replace[-_ ]?(?:me|this)|place[-_ ]?holder|redacted|todo|tbd|your[-_ ][a-z0-9_ -]+)|[xX]{3,}|\*{3,}|\.{3,}|…)\z""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    // postgres://app:${PASSWORD}@db/app
    [GeneratedRegex("""\A[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:(?:\$\{[^{}]+\}|\$\([^()]+\)|<[^<>]*>)@[^\s]*\z""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    [GeneratedRegex("""\A(?:-----BEGIN (?:CERTIFICATE|TRUSTED CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|PGP PUBLIC KEY BLOCK|X509 CRL)-----[^-]*-----END [A-Z0-9 ]+-----\s*)+\z""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PublicPem();
}
