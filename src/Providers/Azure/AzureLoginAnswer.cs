using System.Globalization;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What login services and metadata servers answer.</summary>
internal static class AzureLoginAnswer
{
    private const int LongestReason = 300;

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is no token in it.</exception>
    public static AzureToken Token(HttpResponseMessage answer, string who, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body());
            if (JsonMembers.Text(document.RootElement, "access_token") is { Length: > 0 } token) return new(token, now, Expiry(document.RootElement, now));
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw new ProviderException(ProviderFailureKind.Invalid, $"the answer of {who} holds no token: is it the right address?");
    }

    /// <param name="redact">Takes out what was shown, should the service repeat it.</param>
    public static ProviderException Failure(HttpResponseMessage answer, string what, TimeProvider time, Func<string, string> redact)
    {
        var (code, reason) = Reason(answer.Body());
        var failure = HttpFailures.OfAnswer(what, answer, time, redact(reason));
        var kind = code switch
        {
            "invalid_client" or "unauthorized_client" or "invalid_grant" or "access_denied" or "interaction_required" => ProviderFailureKind.Denied,
            "temporarily_unavailable" => ProviderFailureKind.Unavailable,
            _ => failure.Kind,
        };
        return new(kind, failure.Message) { RetryAfter = failure.RetryAfter };
    }

    // {"error": code, "error_description": "AADSTS… sentence.\r\nTrace ID: …"}. What follows the first line is another each time, and a condition must not be.
    private static (string Code, string Reason) Reason(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var code = JsonMembers.Text(document.RootElement, "error") ?? "";
            var sentence = (JsonMembers.Text(document.RootElement, "error_description") ?? "").Split(["\r", "\n", " Trace ID:"], StringSplitOptions.None)[0].Trim();
            var reason = string.Join(": ", new[] { code, sentence }.Where(part => part.Length > 0));
            return (code, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }

    // Seconds from now, or of the epoch; numbers or their digits, as each service has it.
    private static DateTimeOffset Expiry(JsonElement root, DateTimeOffset now)
    {
        if (Number(root, "expires_in") is { } seconds) return now + TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400));
        return Number(root, "expires_on") is >= 0 and < 100_000_000_000 and var end ? DateTimeOffset.FromUnixTimeSeconds((long)end) : now;
    }

    private static double? Number(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out var member)) return null;
        if (member.ValueKind == JsonValueKind.Number) return member.GetDouble();
        return member.ValueKind == JsonValueKind.String && double.TryParse(member.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : null;
    }
}
