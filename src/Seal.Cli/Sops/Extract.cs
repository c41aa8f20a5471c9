using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>One value of a file: text as it is, anything else in the format asked for.</summary>
internal static class Extract
{
    private const string Holder = "v";

    /// <exception cref="CommandException">Nothing stands at the path.</exception>
    public static byte[] Value(PlainFile plain, NodePath path, SopsFormat format, SopsLayout layout, string name)
    {
        var node = path.Get(plain.Documents[0]) ?? throw new CommandException($"{name}: nothing stands at {path}") { Code = SopsExitCode.InvalidTreePath };
        return node switch
        {
            ScalarNode { Kind: ScalarKind.Text } text => [.. text.Bytes],
            MapNode map when format != SopsFormat.Binary => SopsProblem.Tell(name, () => new PlainFile(format, [map]).ToBytes(layout)),
            _ when format == SopsFormat.Yaml => Yaml(node, layout),
            _ => Json(node),
        };
    }

    /// <summary>The writer knows documents, and a document is a map: so the value is written as an entry, and the key taken off.</summary>
    private static byte[] Yaml(DocumentNode node, SopsLayout layout)
    {
        var holder = new MapNode();
        holder.Add(Holder, node);
        var text = Encoding.UTF8.GetString(new PlainFile(SopsFormat.Yaml, [holder]).ToBytes(layout))[(Holder.Length + 1)..];
        if (node is ScalarNode || !text.StartsWith('\n')) return Encoding.UTF8.GetBytes(text.TrimStart(' '));
        var indent = new string(' ', layout.YamlIndent);
        return Encoding.UTF8.GetBytes(string.Join('\n', text[1..].Split('\n').Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line)));
    }

    private static byte[] Json(DocumentNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n", Encoder = GoJsonEncoder.Instance }))
        {
            if (DocumentJson.ToJsonNode(node) is { } value) value.WriteTo(json);
            else json.WriteNullValue();
        }
        return buffer.ToArray();
    }
}
