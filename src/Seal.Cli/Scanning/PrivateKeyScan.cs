using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Private keys in any text: PEM, OpenSSH, PGP, age; also within base64. Encrypted ones are ciphertext, and a header alone is talk.</summary>
internal static partial class PrivateKeyScan
{
    private const int ShortestBody = 40;
    private const int BodyProbe = 4096;
    private const int LongestBase64 = 64 * 1024;

    // "-----BEGIN ", "AGE-SECRET-KEY-" and "# created", with which age-keygen begins a file.
    public static readonly string[] EncodedBegins = ["LS0tLS1CRUdJTi", "QUdFLVNFQ1JFVC1LRVkt", "IyBjcmVhdGVk"];
    private static readonly SearchValues<string> Encoded = SearchValues.Create(EncodedBegins, StringComparison.Ordinal);

    private static readonly SearchValues<char> Base64Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    // What stands between the lines of a key in YAML, JSON, code and patches.
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n\"'`,+|>");

    public static IEnumerable<Finding> Find(ScannedFile file) =>
        FindIn(file.Text).Select(found => file.Report(ScanRule.PrivateKey, found.Offset, $"{found.What} in plain text"))
            .Concat(FindEncoded(file));

    private static IEnumerable<(int Offset, string What)> FindIn(string text)
    {
        foreach (Match match in Header().Matches(text))
        {
            if (Describe(text, match) is { } what) yield return (match.Index, what);
        }
        foreach (Match match in AgeKey().Matches(text)) yield return (match.Index, "an age private key");
    }

    private static IEnumerable<Finding> FindEncoded(ScannedFile file)
    {
        for (var at = Next(file.Text, 0); at >= 0; at = Next(file.Text, at + 1))
        {
            var run = file.Text.AsSpan(at, Math.Min(file.Text.Length - at, LongestBase64));
            var end = run.IndexOfAnyExcept(Base64Letters);
            if (end >= 0) run = run[..end];
            if (Decode(run[..(run.Length / 4 * 4)]) is { } text && FindIn(text).FirstOrDefault() is { What: not null } found)
                yield return file.Report(ScanRule.PrivateKey, at, $"{found.What}, base64 encoded");
        }
    }

    private static int Next(string text, int from) => text.AsSpan(from).IndexOfAny(Encoded) is >= 0 and var found ? from + found : -1;

    private static string? Describe(string text, Match header)
    {
        var kind = header.Groups["kind"].Value.TrimEnd();
        if (kind == "ENCRYPTED") return null;
        var body = Body(text.AsSpan(header.Index + header.Length, Math.Min(text.Length - header.Index - header.Length, BodyProbe)), out var headers);
        if (headers.Contains("ENCRYPTED", StringComparison.Ordinal) || body.Length < ShortestBody) return null;
        if (kind == "OPENSSH" && IsEncryptedOpenSsh(body)) return null;
        return kind.Length == 0 ? "a private key" : kind == "PGP" ? "a PGP private key" : $"a private key ({kind})";
    }

    /// <summary>The base64 of the first lines, without what separates them; header lines (<c>Proc-Type: …</c>) apart.</summary>
    private static string Body(ReadOnlySpan<char> rest, out string headers)
    {
        var body = new StringBuilder();
        var head = new StringBuilder();
        var end = rest.IndexOf("-----");
        foreach (var raw in (end < 0 ? rest : rest[..end]).ToString().Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\n", StringComparison.Ordinal).Split('\n'))
        {
            var line = raw.AsSpan().TrimStart("+- ").Trim(" \t\r\"'`,+|>").ToString();
            if (line.Length == 0) continue;
            if (line.Contains(':', StringComparison.Ordinal)) head.Append(line).Append('\n');
            else if (line.AsSpan().ContainsAnyExcept(Base64Letters) && line.AsSpan().ContainsAnyExcept(Separators) && !line.Contains(' ', StringComparison.Ordinal)) break;
            else body.Append(line.Replace(" ", "", StringComparison.Ordinal));
        }
        headers = head.ToString();
        return body.Length > 0 && body.ToString().AsSpan().ContainsAnyExcept(Base64Letters) ? "" : body.ToString();
    }

    // "openssh-key-v1\0", then the cipher's name with its length before it: "none" is no cipher.
    private static bool IsEncryptedOpenSsh(string body)
    {
        var start = Decode(body.AsSpan(0, Math.Min(body.Length, 64) / 4 * 4)) ?? "";
        return start.StartsWith("openssh-key-v1\0", StringComparison.Ordinal) && !start[15..].StartsWith("\0\0\0\u0004none", StringComparison.Ordinal);
    }

    private static string? Decode(ReadOnlySpan<char> base64)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Convert.TryFromBase64Chars(base64, bytes, out var written) ? Encoding.Latin1.GetString(bytes, 0, written) : null;
    }

    [GeneratedRegex("-----BEGIN (?<kind>(?:[A-Z0-9]+ ){0,3})PRIVATE KEY(?: BLOCK)?-----", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    [GeneratedRegex("AGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]{50,}", RegexOptions.CultureInvariant)]
    private static partial Regex AgeKey();
}
