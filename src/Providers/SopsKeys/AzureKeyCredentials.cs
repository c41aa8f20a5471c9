using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>The item <c>sops.azure-kv</c>, as Flux has it: YAML or JSON with <c>tenantId</c>, <c>clientId</c> and <c>clientSecret</c> or <c>clientCertificate</c>, or what <c>az ad sp create-for-rbac</c> prints.</summary>
internal sealed record AzureKeyCredentials(string? TenantId, string? ClientId, string? ClientSecret, string? ClientCertificate, string? AuthorityHost)
{
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is no mapping.</exception>
    public static AzureKeyCredentials Read(string text)
    {
        var fields = Parse(text) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"item {AzureVaultKeys.CredentialsItem} is no mapping in YAML or JSON");
        return new(Text(fields, "tenantId", "tenant"), Text(fields, "clientId", "appId"), Text(fields, "clientSecret", "password"), Text(fields, "clientCertificate"), Text(fields, "authorityHost"));
    }

    public override string ToString() => $"credentials of Azure application {ClientId}";

    private static JsonObject? Parse(string text)
    {
        try
        {
            return YamlReader.Read(text) as JsonObject;
        }
        catch (YamlFormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject fields, params string[] names)
        => names.Select(name => fields[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null).FirstOrDefault(text => text is not null);
}
