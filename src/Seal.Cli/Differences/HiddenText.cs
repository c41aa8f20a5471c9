using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Editing;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>
/// A file for git's textconv: ciphertexts become short digests, so that a line tells that one changed without filling the screen. Values
/// in plain text become a word without any digest: a short one could be found from it by trying.
/// </summary>
internal static partial class HiddenText
{
    private const int DigestLetters = 12;
    private const string CarriedIndent = "      ";

    public static string Of(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var hidden = SopsValue().Replace(text, match => $"ENC[{Digest(match.Value)}]");
        if (!hidden.Contains("Secret", StringComparison.Ordinal)) return hidden;
        try
        {
            _ = YamlReader.ReadAll(hidden);
        }
        catch (YamlFormatException failure)
        {
            return $"(not shown: {failure.Message})\n";
        }
        var documents = hidden.AsSpan().TrimStart() is ['{', ..] && JsonSource.TryRead(hidden, out var json) ? json : YamlSource.Read(hidden);
        var changes = new List<(int Start, int End, string Text)>();
        foreach (var document in documents)
        {
            Hide(document, hidden, changes);
            foreach (var item in document.Child("items")?.Items ?? []) Hide(item, hidden, changes);
        }
        var result = new StringBuilder(hidden);
        foreach (var (start, end, replacement) in changes.OrderByDescending(change => change.Start)) result.Remove(start, end - start).Insert(start, replacement);
        return result.ToString();
    }

    private static void Hide(SourceNode node, string text, List<(int Start, int End, string Text)> changes)
    {
        var kind = node.Child("kind") is { } found ? text[found.Start..found.End].Trim('"', '\'') : "";
        if (kind == SealedSecret.SealedSecretKind)
        {
            foreach (var entry in node.Child("spec")?.Child("encryptedData")?.Entries ?? [])
                changes.Add((entry.Value.Start, entry.Value.End, $"sealed {Digest(text[entry.Value.Start..entry.Value.End])}"));
        }
        if (kind == Secret.SecretKind) HideValues(node, text, changes);
        if (kind != SopsSecret.SopsSecretKind) return;
        foreach (var template in node.Child("spec")?.Child("secretTemplates")?.Items ?? []) HideValues(template, text, changes);
        if (node.Child("spec")?.Child("document") is { } carried) changes.Add((carried.Start, carried.End, OfCarried(text[carried.Start..carried.End])));
    }

    private static void HideValues(SourceNode holder, string text, List<(int Start, int End, string Text)> changes)
    {
        foreach (var field in (string[])["data", "stringData"])
        {
            foreach (var entry in holder.Child(field)?.Entries ?? [])
            {
                if (!text.AsSpan(entry.Value.Start, entry.Value.End - entry.Value.Start).StartsWith("ENC[")) changes.Add((entry.Value.Start, entry.Value.End, "IN PLAIN TEXT"));
            }
        }
    }

    /// <param name="scalar">A text within a text, as it is written there.</param>
    private static string OfCarried(string scalar)
    {
        var carried = YamlReader.ReadAll($"text: {scalar}")[0].Root!.AsObject().Text("text") ?? "";
        return string.Concat(Of(Encoding.UTF8.GetBytes(carried)).TrimEnd('\n').Split('\n').Select(line => $"\n{CarriedIndent}{line}")).Insert(0, "|");
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..DigestLetters];

    [GeneratedRegex(@"ENC\[AES256_GCM,[^\]]*\]", RegexOptions.CultureInvariant)]
    private static partial Regex SopsValue();
}
