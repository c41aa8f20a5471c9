using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>
/// Changes and removes strings inside the objects of a file. The text is edited in place; then it is read again and compared with what it should
/// mean, value by value. If that does not hold (anchors, odd layout), the documents are printed anew: right, but without their comments.
/// </summary>
internal sealed class ManifestEdit
{
    private readonly Manifest _manifest;
    private readonly string _text;
    private readonly bool _byteOrderMark;
    private readonly SourceEditor _editor;
    private readonly IReadOnlyList<SourceNode> _documents;
    private bool _editable;

    public ManifestEdit(Manifest manifest)
    {
        _manifest = manifest;
        _byteOrderMark = manifest.Text.StartsWith('\uFEFF');
        _text = _byteOrderMark ? manifest.Text[1..] : manifest.Text;
        if (!_text.AsSpan().TrimStart().StartsWith("{") || !JsonSource.TryRead(_text, out _documents!)) _documents = YamlSource.Read(_text);
        _editor = new SourceEditor(_text);
        _editable = true;
    }

    /// <summary>Whether the last <see cref="Apply"/> kept comments and layout.</summary>
    public bool LayoutKept => _editable;

    /// <summary>Sets a string, in the text and in <see cref="ManifestObject.Node"/>.</summary>
    public void Set(ManifestObject target, string value, params ReadOnlySpan<string> path)
    {
        _editable = _editable && Find(target.Place) is { } node && _editor.Set(node, path, value);
        var map = target.Node;
        foreach (var step in path[..^1])
        {
            if (map[step] is not JsonObject) map[step] = new JsonObject();
            map = (JsonObject)map[step]!;
        }
        map[path[^1]] = value;
    }

    /// <summary>Takes an entry out, of the text and of <see cref="ManifestObject.Node"/>. It must be there.</summary>
    public void Remove(ManifestObject target, params ReadOnlySpan<string> path)
    {
        _editable = _editable && Find(target.Place) is { } node && _editor.Remove(node, path);
        var map = target.Node;
        foreach (var step in path[..^1]) map = map[step]!.AsObject();
        map.Remove(path[^1]);
    }

    /// <summary>The file's new content.</summary>
    public byte[] Apply()
    {
        if (_editable)
        {
            var edited = _editor.Apply();
            if (Means(edited)) return Encoding.UTF8.GetBytes(_byteOrderMark ? '\uFEFF' + edited : edited);
            _editable = false;
        }
        return Encoding.UTF8.GetBytes(Reprint());
    }

    private SourceNode? Find(ManifestPlace place)
    {
        var document = place.Document <= _documents.Count ? _documents[place.Document - 1] : null;
        if (place.Item == 0) return document;
        return document?.Child("items")?.Items is { } items && place.Item <= items.Count ? items[place.Item - 1] : null;
    }

    private bool Means(string edited)
    {
        try
        {
            var found = Manifest.Read(Encoding.UTF8.GetBytes(edited), _manifest.Source).Objects;
            return found.Count == _manifest.Objects.Count
                && found.Zip(_manifest.Objects).All(pair => pair.First.Place with { Line = 0 } == pair.Second.Place with { Line = 0 } && JsonNode.DeepEquals(pair.First.Node, pair.Second.Node));
        }
        catch (ManifestException)
        {
            return false;
        }
    }

    private string Reprint()
    {
        var output = new StringBuilder();
        foreach (var document in _manifest.Objects.Select(item => item.Node.Root).Distinct())
        {
            if (_manifest.IsYaml) output.Append("---\n").Append(YamlWriter.Write(document));
            else output.Append(document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = GoJsonEncoder.Instance, NewLine = "\n" })).Append('\n');
        }
        return output.ToString();
    }
}
