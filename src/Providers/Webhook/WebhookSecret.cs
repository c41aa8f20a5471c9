using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>
/// The answer of an endpoint, and what <c>result.jsonPath</c> takes from it. The property is not looked up: it has done its work in the templates.
/// </summary>
/// <param name="key">For messages; empty where there is none.</param>
/// <param name="body">Taken over.</param>
/// <param name="path">Null takes the answer as it is.</param>
internal sealed class WebhookSecret(string key, byte[] body, JsonPath? path) : RemoteSecret
{
    public override long Size => body.Length;

    public override byte[] Value(string? property)
    {
        ThrowIfDisposed();
        if (path is null) return [.. body];
        var found = Found(Document());
        // One value is wanted: of a list the first, and of a list of lists the first of that.
        while (found.Kind == JsonKind.Array) found = JsonParts.ElementsOf(found.Raw) is [var first, ..] ? first : throw Problem("result.jsonPath found an empty list");
        return Text(found);
    }

    public override SecretValues Values(string? property)
    {
        ThrowIfDisposed();
        var found = path is null ? Document() : path.FindsMany ? throw Problem("result.jsonPath finds a list, which has no keys and values") : path.Find(Document())[0];
        // JSON inside a string of JSON, as some endpoints answer.
        var text = found.Kind == JsonKind.Text ? found.ToText() : [];
        try
        {
            if (found.Kind == JsonKind.Text) found = JsonPiece.Parse(text);
            if (found.Kind != JsonKind.Object) throw Problem("the answer is not a JSON object");
            var values = new SecretValues();
            foreach (var member in JsonParts.MembersOf(found.Raw)) values.Set(Encoding.UTF8.GetString(member.Name()), Text(member.Value));
            return values;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public override string ToString() => $"{key}: {body.Length} bytes";

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(body);

    private static byte[] Text(JsonPiece value) => value.IsContainer ? SortedJson.Of(value) : value.ToText();

    private JsonPiece Document()
    {
        var document = JsonPiece.Parse(body);
        return document.Exists ? document : throw Problem("the answer is not JSON");
    }

    private JsonPiece Found(JsonPiece document) => path!.Find(document) is [var first, ..] ? first : throw Problem("result.jsonPath found nothing");

    private ProviderException Problem(string problem) => new(ProviderFailureKind.Invalid, key.Length == 0 ? problem : $"secret {key}: {problem}");
}
