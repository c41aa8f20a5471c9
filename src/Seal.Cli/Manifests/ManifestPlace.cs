using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>Where an object came from, so that an error can say so.</summary>
/// <param name="Source">A path, or <c>standard input</c>.</param>
/// <param name="Document">Position in the stream, from 1.</param>
/// <param name="Line">Line on which the document starts, from 1.</param>
/// <param name="Item">Position in a List, from 1; 0 for an object that stands alone.</param>
/// <param name="Alone">Whether the source holds nothing else.</param>
internal sealed record ManifestPlace(string Source, int Document, long Line, int Item, bool Alone)
{
    public const string StandardInput = "standard input";

    /// <summary>What a source is called that is named by a path or, for standard input, as the user names that.</summary>
    public static string SourceOf(string path) => path == InputFile.StandardInput ? StandardInput : path;

    /// <summary><c>secret.yaml: document 2 (line 9), item 3</c>.</summary>
    public override string ToString()
    {
        if (Alone && Item == 0) return Source;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Source}: document {Document} (line {Line})");
        return Item == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, item {Item}");
    }

    /// <summary>
    /// Adds the place to an error, unless there is only one place that it can be about: scripts compare the original's messages, and
    /// those name none.
    /// </summary>
    public string Explain(string problem) => Alone && Item == 0 && Source == StandardInput ? problem : $"{problem} ({this})";

    /// <summary><c>ConfigMap team-a/settings</c>, as far as the object says.</summary>
    public static string Describe(JsonObject node)
    {
        var kind = node.Text("kind") ?? "object without kind";
        var metadata = node["metadata"] as JsonObject;
        var name = metadata.Text("name");
        if (name is null) return kind;
        return metadata.Text("namespace") is { } space ? $"{kind} {space}/{name}" : $"{kind} {name}";
    }
}
