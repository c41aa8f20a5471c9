using System.Buffers;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// How Event Grid asks whether its events are wanted, before it sends any. It asks without a token, so anybody is answered; what he gets is what he said, and his events are still refused.
/// </summary>
internal static class EventGridHandshake
{
    private const int LongestCode = 128;
    private const int LongestOrigin = 253;

    private static readonly SearchValues<char> HostLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>The way of Event Grid's own schema: a list with one event that holds a code.</summary>
    public static bool IsValidation(HttpRequest request) => request.Headers["aeg-event-type"] == "SubscriptionValidation";

    /// <returns>The code; null when there is none.</returns>
    public static string? CodeIn(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() != 1) return null;
        var code = JsonMembers.Text(JsonMembers.Member(root[0], "data"), "validationCode");
        return code is { Length: > 0 and <= LongestCode } && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? code : null;
    }

    public static async Task AnswerAsync(HttpContext context, string code, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json";
        var json = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("validationResponse", code);
            json.WriteEndObject();
        }
        await context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The way of CloudEvents: OPTIONS, with the sender's name, which is to be repeated.</summary>
    public static EventOutcome Allow(HttpContext context)
    {
        if (context.Request.Headers["WebHook-Request-Origin"] is not [{ Length: > 0 and <= LongestOrigin } origin] || origin.AsSpan().ContainsAnyExcept(HostLetters)) return EventOutcome.Malformed;
        context.Response.Headers["WebHook-Allowed-Origin"] = origin;
        context.Response.Headers["WebHook-Allowed-Rate"] = "*";
        context.Response.StatusCode = StatusCodes.Status200OK;
        return EventOutcome.Answered;
    }
}
