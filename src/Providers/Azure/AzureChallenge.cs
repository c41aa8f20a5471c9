using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// What a vault says when it wants a token, or another: <c>Bearer authorization="https://login…/TENANT", resource="https://vault.azure.net"</c>
/// (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses). Where to log in is never taken from it.
/// </summary>
/// <param name="Resource">What the token shall be for.</param>
/// <param name="Claims">JSON that the token shall be made by; null for none.</param>
internal sealed partial record AzureChallenge(string Resource, string? Claims)
{
    private const string Scope = "/.default";

    /// <summary>Null where the answer has no such challenge.</summary>
    public static AzureChallenge? Of(HttpResponseHeaders headers)
    {
        // As written: header parsers disagree on commas in what is a list of challenges and of parameters at once.
        var text = headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.FirstOrDefault(value => value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) : null;
        if (text is null) return null;
        var parameters = Parameter().Matches(text).GroupBy(match => match.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First().Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
        var resource = parameters.GetValueOrDefault("resource") ?? parameters.GetValueOrDefault("scope");
        if (string.IsNullOrEmpty(resource)) return null;
        if (resource.EndsWith(Scope, StringComparison.Ordinal)) resource = resource[..^Scope.Length];
        return new(resource.TrimEnd('/'), parameters.TryGetValue("claims", out var claims) ? Decode(claims) : null);
    }

    private static string? Decode(string claims)
    {
        var bytes = new byte[claims.Length];
        return Convert.TryFromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '='), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    [GeneratedRegex("""(?<name>[A-Za-z_]+)="(?<value>[^"]*)"|(?<name>[A-Za-z_]+)=(?<value>[^",\s]+)""")]
    private static partial Regex Parameter();
}
