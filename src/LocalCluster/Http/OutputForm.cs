using Microsoft.Net.Http.Headers;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>How a client wants objects: whole, as a table, or as metadata only; as JSON or YAML. Protobuf is not offered.</summary>
internal sealed record OutputForm(string As, bool IsYaml)
{
    public const string Whole = "";
    public const string Table = "Table";
    public const string Metadata = "PartialObjectMetadata";
    public const string MetadataList = "PartialObjectMetadataList";

    public bool IsMetadata => As is Metadata or MetadataList;

    /// <exception cref="ApiException">406: none of the accepted forms is offered.</exception>
    public static OutputForm Choose(HttpRequest request)
    {
        var header = request.Headers.Accept.ToString();
        if (header.Length == 0) return new OutputForm(Whole, false);
        if (!MediaTypeHeaderValue.TryParseList([header], out var accepted)) throw ApiErrors.NotAcceptable();
        foreach (var media in accepted)
        {
            var type = media.MediaType.Value ?? "";
            var form = media.Parameters.FirstOrDefault(parameter => parameter.Name == "as")?.Value.Value ?? Whole;
            if (form is not (Whole or Table or Metadata or MetadataList)) continue;
            if (type is "application/json" or "*/*" or "application/*") return new OutputForm(form, false);
            if (type is "application/yaml") return new OutputForm(form, true);
        }

        throw ApiErrors.NotAcceptable();
    }
}
