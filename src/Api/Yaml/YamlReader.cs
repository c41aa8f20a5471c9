using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>
/// Reads manifests as the Kubernetes tools do: YAML 1.1 typing (an unquoted <c>yes</c> is a boolean), anchors and merge keys expanded,
/// a text that starts with <c>{</c> is JSON. Stricter than they are in one point: a duplicate key is an error, since one of the two
/// values would be lost in silence.
/// </summary>
public static class YamlReader
{
    /// <summary>
    /// Every document of a stream of YAML 1.1 documents or concatenated JSON values. A last line without an end is given one, as by the Kubernetes tools, which read streams line by line: a
    /// block of text in it ends as it would with one.
    /// </summary>
    /// <exception cref="YamlFormatException">Not readable, a duplicate key, or beyond a limit.</exception>
    public static IReadOnlyList<YamlDocument> ReadAll(string text, YamlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ReadStream(text, limits ?? YamlLimits.Default, endsLine: true);
    }

    /// <summary>The one document of a text, which is read as it is; a second one is an error.</summary>
    /// <exception cref="YamlFormatException">As <see cref="ReadAll"/>.</exception>
    public static JsonNode? Read(string text, YamlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var documents = ReadStream(text, limits ?? YamlLimits.Default, endsLine: false).Where(document => document.Root is not null).ToList();
        if (documents.Count > 1) throw new YamlFormatException("more than one document where one is expected", documents[1].Line, 1);
        return documents.Count == 0 ? null : documents[0].Root;
    }

    private static IReadOnlyList<YamlDocument> ReadStream(string text, YamlLimits limits, bool endsLine)
    {
        if (text.Length > limits.MaxCharacters) throw new YamlFormatException($"the text is longer than {limits.MaxCharacters} characters", 0, 0);
        if (text.StartsWith('\uFEFF')) text = text[1..];
        if (LooksLikeJson(text) && JsonTreeBuilder.TryReadAll(text, limits, out var documents)) return documents;
        if (endsLine && !text.EndsWith('\n')) text += "\n";
        try
        {
            return YamlTreeBuilder.ReadAll(text, limits);
        }
        catch (YamlException failure) // of the parser: its message quotes no values, only tokens it wanted
        {
            throw new YamlFormatException(failure.Message, failure.Start.Line, failure.Start.Column);
        }
        catch (InvalidOperationException) // of the parser too, for some flow lists that do not end
        {
            throw new YamlFormatException("a list or a map in brackets does not end", 0, 0);
        }
    }

    private static bool LooksLikeJson(string text)
    {
        var start = text.AsSpan().TrimStart();
        return start is ['{' or '[', ..];
    }
}
