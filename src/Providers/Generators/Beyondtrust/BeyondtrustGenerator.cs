using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Beyondtrust;

/// <summary>
/// AWS credentials that BeyondTrust Workload Credentials makes for the question (https://docs.beyondtrust.com/bt-docs/docs/secrets-api), by the dynamic secret
/// at <c>provider.folderPath</c>. They end by themselves, and the service takes none back.
/// </summary>
public sealed class BeyondtrustGenerator : IGenerator
{
    private const string Title = "BeyondTrust Workload Credentials";
    private const string ApiVersion = "2026-04-28";

    // Under secret in the answer, and as keys of the Secret. A session token is not everywhere.
    private static readonly (string Name, bool IsRequired)[] Members =
        [("accessKeyId", true), ("secretAccessKey", true), ("sessionToken", false), ("leaseId", true), ("expiration", true)];

    public string Kind => GeneratorKinds.BeyondtrustWorkloadCredentialsDynamicSecret;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, BeyondtrustGeneratorJson.Default.BeyondtrustWorkloadCredentialsDynamicSecretSpec, spec => Findings(request, spec.Provider));
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, BeyondtrustGeneratorJson.Default.BeyondtrustWorkloadCredentialsDynamicSecretSpec, spec => UnusedOptions.Authorities("spec.provider", spec.Provider.CaBundle, spec.Provider.CaProvider, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, BeyondtrustGeneratorJson.Default.BeyondtrustWorkloadCredentialsDynamicSecretSpec, read => Findings(request, read.Provider));
        var body = await AskAsync(request, spec, cancellationToken).ConfigureAwait(false);
        try
        {
            return ValuesOf(body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static async Task<byte[]> AskAsync(GeneratorRequest request, BeyondtrustWorkloadCredentialsDynamicSecretSpec spec, CancellationToken cancellationToken)
    {
        var provider = spec.Provider;
        var token = (await SelectedText.ReadAsync(request.Cluster, provider.Auth.Apikey.Token, null, cancellationToken).ConfigureAwait(false)).TrimEnd('\r', '\n');
        using var http = request.Http.Create(new HttpSettings
        {
            Authorities = await Authorities.ReadAsync(provider.CaBundle, provider.CaProvider, request.Cluster, cancellationToken).ConfigureAwait(false),
            Retry = spec.RetrySettings is { } retry ? new RetrySettings(retry.MaxRetries, retry.RetryInterval?.Value) : null,
            GuardAddresses = true,
        });
        return await new CallMeter(request.Calls, "BeyondtrustWorkloadCredentials", request.Time).MeasureAsync("GenerateDynamicSecret", async () =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, AddressOf(provider));
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            message.Headers.Accept.ParseAdd("application/json");
            message.Headers.TryAddWithoutValidation("bt-secrets-api-version", ApiVersion);
            using var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? answer.TakeBody() : throw HttpFailures.OfAnswer($"{Title}, asked to GenerateDynamicSecret,", answer, request.Time);
        }).ConfigureAwait(false);
    }

    private static Uri AddressOf(BeyondtrustWorkloadCredentialsStore provider)
    {
        var (folder, name) = Parts(provider.FolderPath!);
        var query = folder.Length == 0 ? "" : "?folder=" + Uri.EscapeDataString(folder);
        return new($"{provider.Server.ApiUrl.TrimEnd('/')}/{provider.Server.SiteId}/secrets/dynamic/{Uri.EscapeDataString(name)}/generate{query}");
    }

    private static Generated ValuesOf(byte[] body)
    {
        var values = new SecretValues();
        try
        {
            foreach (var (name, isRequired) in Members)
            {
                using var found = FoundValue.In(body, "secret." + name);
                if (found is { IsNull: false, Text.Length: > 0 }) values.Set(name, Encoding.UTF8.GetBytes(found.Text));
                else if (isRequired) throw new ProviderException(ProviderFailureKind.Invalid, $"the answer of {Title} has no {name}: is spec.provider.server right?");
            }
            return new Generated(values, ExpiresAt: EndOf(Encoding.UTF8.GetString(values.Find("expiration")!)));
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    private static DateTimeOffset? EndOf(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end : null;

    /// <summary>What stands behind the last slash is the secret's name.</summary>
    private static (string Folder, string Name) Parts(string path) => path.LastIndexOf('/') is >= 0 and var slash ? (path[..slash], path[(slash + 1)..]) : ("", path);

    private static IEnumerable<string> Findings(GeneratorRequest request, BeyondtrustWorkloadCredentialsStore provider)
    {
        if (!Uri.TryCreate(provider.Server.ApiUrl, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps) yield return "spec.provider.server.apiUrl is not an https address";
        if (!Guid.TryParseExact(provider.Server.SiteId, "D", out _)) yield return "spec.provider.server.siteId is not a UUID";
        if (Parts(provider.FolderPath ?? "").Name is "" or "." or "..") yield return "spec.provider.folderPath must end in the name of a dynamic secret";
        // Of the caller's namespace, so that no reference of a ClusterGenerator leads out of it.
        var store = new StoreDescription(GeneratorKinds.BeyondtrustWorkloadCredentialsDynamicSecret, "generator", request.Namespace, request.Spec);
        foreach (var problem in SelectorRules.Problems(store, "spec.provider.auth.apikey.token", provider.Auth.Apikey.Token)) yield return problem;
    }
}
