using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>
/// What Passbolt answered: <c>{"header": {"status": "success", "message": …, "url": …}, "body": …}</c>, over a buffer that is zeroed on disposal, and the headers that a login needs.
/// </summary>
internal sealed class PassboltAnswer : IDisposable
{
    private const int LongestReason = 300;
    private readonly byte[] bytes;
    private readonly JsonDocument? document;

    /// <param name="bytes">The body; taken over.</param>
    public PassboltAnswer(HttpStatusCode status, byte[] bytes)
    {
        (Status, this.bytes) = (status, bytes);
        try
        {
            document = bytes.Length == 0 ? null : JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            // Told by whoever needs the body.
        }
    }

    public HttpStatusCode Status { get; }

    /// <summary>The message that only the user can open; null in any other answer than that to the first step of a login.</summary>
    public string? Challenge { get; init; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, string> Cookies { get; init; } = new Dictionary<string, string>();

    public bool IsSuccess => (int)Status is >= 200 and < 300 && JsonMembers.Text(Header, "status") == "success";

    /// <summary>Whether the session is not known (any longer). Passbolt tells it by either status.</summary>
    public bool IsRefused => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && !WantsSecondFactor;

    public bool WantsSecondFactor => Status == HttpStatusCode.Forbidden && JsonMembers.Text(Header, "url")?.EndsWith("/mfa/verify/error.json", StringComparison.Ordinal) == true;

    public JsonElement Body => JsonMembers.Member(document?.RootElement ?? default, "body");

    /// <summary>What Passbolt says of a failure; empty for an answer of another form, which is not repeated.</summary>
    public string Reason
    {
        get
        {
            var line = (JsonMembers.Text(Header, "message") ?? "").ReplaceLineEndings(" ").Trim();
            return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
        }
    }

    private JsonElement Header => JsonMembers.Member(document?.RootElement ?? default, "header");

    public void Dispose()
    {
        document?.Dispose();
        CryptographicOperations.ZeroMemory(bytes);
    }
}
