using System.Buffers.Text;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>What tokens that services give say of themselves (RFC 7519). Nothing is verified: a token is taken from the service itself, over TLS.</summary>
internal static class JsonWebToken
{
    /// <summary>When it ends; null where it is none, or does not say.</summary>
    public static DateTimeOffset? ExpiryOf(string token)
    {
        if (token.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload)) return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            var says = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("exp", out var end) && end.ValueKind == JsonValueKind.Number ? end : default;
            return says.ValueKind == JsonValueKind.Number && says.TryGetInt64(out var seconds) && seconds is > 0 and < 200_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
