using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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

    public void Add(SealedSecret value) => Add(value, ApiJson.Indented.SealedSecret);

    public void Add(Secret value) => Add(value, ApiJson.Indented.Secret);

    /// <summary>Forgets what was written, plaintext included.</summary>
    public void Clear() => _buffer.Clear();

    private void Add<T>(T value, JsonTypeInfo<T> type)
    {
        if (format == OutputFormat.Yaml)
        {
            _buffer.Write("---\n"u8);
            _buffer.Write(Encoding.UTF8.GetBytes(YamlWriter.Write(JsonSerializer.SerializeToNode(value, type))));
            return;
        }
        using var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions
        {
            Indented = true,
            IndentSize = 2,
            NewLine = "\n",
            Encoder = GoJsonEncoder.Instance,
        });
        JsonSerializer.Serialize(json, value, type);
        json.Flush();
        _buffer.Write("\n"u8);
    }
}
