using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>
/// A kubeconfig from a Secret. A tenant wrote it, so it may say only what stands in itself: files would be the controller's, and a program would
/// run beside it.
/// </summary>
internal static class KubeconfigText
{
    private static readonly YamlLimits Limits = new(MaxCharacters: 1024 * 1024, MaxDepth: 16, MaxNodes: 20_000);
    private static readonly string[] ClusterFields = ["server", "certificate-authority-data", "extensions"];
    private static readonly string[] UserFields = ["token", "client-certificate-data", "client-key-data", "extensions"];

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is no kubeconfig, or one that needs more than what stands in it.</exception>
    public static KubernetesConnection Read(string text, TimeProvider time)
    {
        var root = Parse(text);
        var context = Named(root, "contexts", "context", Text(root, "current-context") ?? throw Problem("has no current-context"));
        var cluster = Named(root, "clusters", "cluster", Text(context, "cluster") ?? throw Problem("has a context without a cluster"));
        var user = Text(context, "user") is { } name ? Named(root, "users", "user", name) : [];
        Only(cluster, ClusterFields, "cluster");
        Only(user, UserFields, "user");
        var server = Text(cluster, "server") is { } url ? KubernetesRules.AddressOf(url) : null;
        X509Certificate2Collection? authorities = Data(cluster, "certificate-authority-data") is { } authority ? Authorities.Parse("certificate-authority-data of the kubeconfig", authority) : null;
        var certificate = (Data(user, "client-certificate-data"), Data(user, "client-key-data")) switch
        {
            (null, null) => null,
            ({ } pem, { } key) => KubernetesLogin.CertificateOf(pem, key, "client-certificate-data of the kubeconfig"),
            _ => throw Problem("has one of client-certificate-data and client-key-data, which go together"),
        };
        var token = Text(user, "token") is { } bearer ? KubernetesToken.Of(bearer, time) : null;
        if (token is null && certificate is null) throw Problem("has neither a token nor a client certificate for its user");
        return new(server ?? throw Problem("names no server"), authorities, certificate, token);
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return YamlReader.Read(text, Limits) as JsonObject ?? throw Problem("is no YAML object");
        }
        catch (YamlFormatException failure)
        {
            // Its words could quote a credential; the place is enough to find it.
            throw Problem($"is no YAML at line {failure.Line}, column {failure.Column}");
        }
    }

    private static JsonObject Named(JsonObject root, string list, string field, string name)
    {
        var entry = (root[list] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(entry => Text(entry, "name") == name);
        return entry?[field] as JsonObject ?? throw Problem($"has no entry \"{name}\" under {list}");
    }

    /// <summary>Files, programs, impersonation, insecure-skip-tls-verify, and whatever else would have to be honoured to be right.</summary>
    private static void Only(JsonObject entry, string[] known, string what)
    {
        var other = entry.FirstOrDefault(field => !known.Contains(field.Key, StringComparer.Ordinal) && field.Value is not null).Key;
        if (other is not null) throw Problem($"uses {what}.{other}, which is not supported: of a {what} only {string.Join(", ", known[..^1])} count");
    }

    private static string? Text(JsonObject entry, string field) => entry[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static string? Data(JsonObject entry, string field)
    {
        if (Text(entry, field) is not { } text) return null;
        return Api.Base64Text.TryDecode(text, out var bytes, out _) ? Encoding.UTF8.GetString(bytes) : throw Problem($"has {field} that is not base64");
    }

    private static ProviderException Problem(string problem) => new(ProviderFailureKind.Invalid, $"{KubernetesRules.Root}.authRef: the kubeconfig {problem}");
}
