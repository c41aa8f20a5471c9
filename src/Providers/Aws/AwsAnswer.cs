using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What a service answered: a JSON object over a buffer that is zeroed on disposal, or an error that the caller expected.</summary>
internal sealed class AwsAnswer : IDisposable
{
    private readonly byte[] bytes;
    private readonly JsonDocument? document;

    private AwsAnswer(byte[] bytes, JsonDocument? document, AwsError? error) => (this.bytes, this.document, Error) = (bytes, document, error);

    /// <summary>Null when the call succeeded.</summary>
    public AwsError? Error { get; }

    /// <summary>The object; undefined when there is an error.</summary>
    public JsonElement Root => document?.RootElement ?? default;

    /// <param name="bytes">The body; taken over.</param>
    /// <returns>Null when it is no JSON object: it is from something that is not AWS.</returns>
    public static AwsAnswer? Of(byte[] bytes)
    {
        try
        {
            var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new(bytes, document, null);
            document.Dispose();
        }
        catch (JsonException)
        {
            // Said by the caller.
        }
        CryptographicOperations.ZeroMemory(bytes);
        return null;
    }

    public static AwsAnswer Of(AwsError error) => new([], null, error);

    /// <summary>The elements of a member; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Elements(JsonElement parent, string name)
        => JsonMembers.Member(parent, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>The bytes of a JSON string, without a string in between that nobody could zero.</summary>
    public static byte[] Bytes(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        var buffer = new byte[raw.Length];
        try
        {
            var reader = new Utf8JsonReader(raw);
            reader.Read();
            return buffer[..reader.CopyString(buffer)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    public void Dispose()
    {
        document?.Dispose();
        CryptographicOperations.ZeroMemory(bytes);
    }

    public override string ToString() => "an answer of AWS";
}
