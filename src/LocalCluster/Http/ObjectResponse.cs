using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;
using GitOpsSecrets.LocalCluster.Tables;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>Answers with one object in the form the client asked for.</summary>
internal sealed class ObjectResponse(TableWriter tables)
{
    public Task WriteAsync(HttpContext context, int code, ResourceType type, StoredObject stored, CancellationToken cancellationToken)
    {
        var form = OutputForm.Choose(context.Request);
        if (form is { As: OutputForm.Whole, IsYaml: false })
        {
            return JsonResponses.WriteAsync(context, code, ObjectView.Utf8(stored, type), "application/json", cancellationToken);
        }

        var json = ObjectView.Json(stored, type);
        var version = new JsonObject { ["resourceVersion"] = json["metadata"]!["resourceVersion"]?.DeepClone() };
        var body = form.As switch
        {
            OutputForm.Table => tables.Write(type, [json], version, context.Request.Query["includeObject"].ToString()),
            OutputForm.Metadata => TableWriter.PartialMetadata(json),
            _ => json,
        };
        return JsonResponses.WriteAsync(context, code, body, form, cancellationToken);
    }
}
