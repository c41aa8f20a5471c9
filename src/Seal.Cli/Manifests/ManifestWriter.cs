using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>
/// Prints objects as the original does: JSON with two spaces in Go's field order, one object after the other; YAML with sorted keys and
/// <c>---</c> before each document.
/// </summary>
internal sealed class ManifestWriter(OutputFormat format)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Add(SealedSecret value) => Add(OrdinaryObjects.Write(value) ?? JsonSerializer.SerializeToNode(value, ApiJson.Compact.SealedSecret)!);

    public void Add(Secret value) => Add(JsonSerializer.SerializeToNode(value, ApiJson.Compact.Secret)!);

    /// <summary>Forgets what was written, plaintext included.</summary>
    public void Clear() => _buffer.Clear();

    public void Add(JsonNode value)
    {
        if (format == OutputFormat.Yaml)
        {
            _buffer.Write("---\n"u8);
            _buffer.Write(Encoding.UTF8.GetBytes(YamlWriter.Write(value)));
            return;
        }
        using var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions
        {
            Indented = true,
            IndentSize = 2,
            NewLine = "\n",
            Encoder = GoJsonEncoder.Instance,
        });
        value.WriteTo(json);
        json.Flush();
        _buffer.Write("\n"u8);
    }
}
