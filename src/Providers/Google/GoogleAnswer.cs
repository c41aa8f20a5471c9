using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>What a service of Google answered: JSON over a buffer that is zeroed on disposal.</summary>
internal sealed class GoogleAnswer : IDisposable
{
    public const string NotFound = "NOT_FOUND";
    public const string FailedPrecondition = "FAILED_PRECONDITION";
    public const string AlreadyExists = "ALREADY_EXISTS";
    public const string Unauthenticated = "UNAUTHENTICATED";

    private readonly byte[] bytes;
    private readonly JsonDocument? document;

    private GoogleAnswer(byte[] bytes, JsonDocument? document, string status) => (this.bytes, this.document, Status) = (bytes, document, status);

    /// <summary>Empty for a success; else the name of an error that the caller tolerates.</summary>
    public string Status { get; }

    public bool IsOk => Status.Length == 0;

    public JsonElement Root => document?.RootElement ?? default;

    /// <param name="bytes">The body; taken over.</param>
    /// <param name="status">Empty for a success.</param>
    /// <exception cref="ProviderException">A body that is not JSON.</exception>
    public static GoogleAnswer Of(byte[] bytes, string status)
    {
        try
        {
            return new(bytes, bytes.Length == 0 ? null : JsonDocument.Parse(bytes), status);
        }
        catch (JsonException)
        {
            CryptographicOperations.ZeroMemory(bytes);
            throw new ProviderException(ProviderFailureKind.Invalid, "what answered in the place of Google did not answer with JSON");
        }
    }

    /// <summary>A member that is a map of strings; empty where it is absent.</summary>
    public static SortedDictionary<string, string> Map(JsonElement parent, string name)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (JsonMembers.Member(parent, name) is not { ValueKind: JsonValueKind.Object } members) return map;
        foreach (var member in members.EnumerateObject()) map[member.Name] = member.Value.ToString();
        return map;
    }

    public void Dispose()
    {
        document?.Dispose();
        CryptographicOperations.ZeroMemory(bytes);
    }
}
