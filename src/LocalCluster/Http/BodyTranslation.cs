using GitOpsSecrets.LocalCluster.Protobuf;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>Turns a protobuf body into the JSON that everything behind it reads.</summary>
internal sealed class BodyTranslation(ProtobufObjects protobuf)
{
    public async Task TranslateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (RequestBody.MediaType(context.Request) != ProtobufObjects.MediaType) return;
        var body = await RequestBody.ReadBytesAsync(context, cancellationToken);
        context.Request.Body = new MemoryStream(body.Length == 0 ? [] : JsonText.ToUtf8(protobuf.Read(body)));
        context.Request.ContentType = "application/json";
    }
}
