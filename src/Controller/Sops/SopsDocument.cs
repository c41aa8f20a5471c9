using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// The SOPS file inside a SopsSecret. As text it is whole and its MAC must fit. As an object it has been through JSON maps: the order of keys, which the
/// MAC is computed over, is gone, and the server has added fields. Then only the templates are looked at, each value on its own.
/// </summary>
/// <param name="File">Parsed, not opened.</param>
/// <param name="IsText">Whether it was carried as text.</param>
internal sealed record SopsDocument(SopsFile File, bool IsText)
{
    public const string SpecKey = "spec";
    public const string TemplatesKey = "secretTemplates";
    private const string MetadataKey = "sops";

    /// <exception cref="SopsException">It cannot be parsed.</exception>
    /// <exception cref="SopsRefusedException">There is nothing to parse, or two things.</exception>
    public static SopsDocument Read(SopsSecret source)
    {
        var spec = source.Spec;
        var hasTemplates = spec.SecretTemplates is { ValueKind: JsonValueKind.Array };
        if (spec.Document is null) return hasTemplates ? OfObject(spec.SecretTemplates!.Value, source.Sops) : throw Invalid("neither spec.secretTemplates nor spec.document is there");
        if (hasTemplates || source.Sops is not null) throw Invalid("spec.document stands beside spec.secretTemplates or sops; which of the two to believe is not clear");
        var format = spec.Format switch
        {
            null or "" or "yaml" => SopsFormat.Yaml,
            "json" => SopsFormat.Json,
            _ => throw Invalid("spec.format: only yaml and json hold Secrets"),
        };
        return new SopsDocument(SopsFile.Parse(Encoding.UTF8.GetBytes(spec.Document), format), IsText: true);
    }

    private static SopsDocument OfObject(JsonElement templates, JsonElement? metadata)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(SpecKey);
            writer.WritePropertyName(TemplatesKey);
            templates.WriteTo(writer);
            writer.WriteEndObject();
            if (metadata is { ValueKind: JsonValueKind.Object } sops)
            {
                writer.WritePropertyName(MetadataKey);
                sops.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        return new SopsDocument(SopsFile.Parse(text.GetBuffer().AsSpan(0, (int)text.Length), SopsFormat.Json), IsText: false);
    }

    private static SopsRefusedException Invalid(string problem) => new(SopsReason.InvalidDocument, problem);
}
