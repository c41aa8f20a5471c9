using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>A user's <c>auth-provider</c>, which exec plugins replaced. Of <c>oidc</c> the token that kubectl fetched last is used as long as it holds.</summary>
internal static class AuthProvider
{
    private const string Remedy = "kubectl renews it where a refresh-token is given; else log in with an exec plugin: kubelogin (kubectl oidc-login)";

    /// <summary>As kubectl has it: what ends within this time has ended.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <exception cref="CommandException">Another provider, or no token that holds.</exception>
    public static string Token(JsonObject provider, string source, DateTimeOffset now)
    {
        var name = provider.Text("name") ?? "";
        if (name is "azure" or "gcp") throw new CommandException($"{source}: auth-provider {name} is gone from Kubernetes since 1.26; use an exec plugin (kubelogin, gke-gcloud-auth-plugin)");
        if (name != "oidc") throw new CommandException($"{source}: auth-provider \"{name}\" is not known; use an exec plugin");
        var token = (provider["config"] as JsonObject).Text("id-token") ?? throw new CommandException($"{source}: auth-provider oidc has no id-token; {Remedy}");
        return End(token, source) is { } end && end <= now + Margin
            ? throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"{source}: the id-token of auth-provider oidc ended at {end:u}; {Remedy}"))
            : token;
    }

    private static DateTimeOffset? End(string token, string source)
    {
        try
        {
            if (token.Split('.') is not [_, var payload, _]) throw new FormatException();
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return claims.RootElement.TryGetProperty("exp", out var exp) ? DateTimeOffset.UnixEpoch.AddSeconds(exp.GetDouble()) : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CommandException($"{source}: the id-token of auth-provider oidc is no JWT", failure);
        }
    }
}
