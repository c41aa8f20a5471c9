using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>
/// A token of a service account of Grafana (https://grafana.com/docs/grafana/latest/developers/http_api/serviceaccount/): <c>login</c> and
/// <c>token</c>. The service account is made where there is none of its name, and stays; tokens are taken back one by one.
/// </summary>
public sealed class GrafanaGenerator : ICleanUp
{
    public string Kind => GeneratorKinds.Grafana;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, TokenGeneratorJson.Default.GrafanaSpec, GrafanaRules.Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, TokenGeneratorJson.Default.GrafanaSpec, spec => UnusedOptions.Besides(("spec.auth.token", spec.Auth.Token), ("spec.auth.basic", spec.Auth.Basic)));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, TokenGeneratorJson.Default.GrafanaSpec, GrafanaRules.Findings);
        using var grafana = await GrafanaClient.OpenAsync(request, spec, cancellationToken).ConfigureAwait(false);
        var account = await grafana.FindAccountAsync(spec.ServiceAccount.Name, cancellationToken).ConfigureAwait(false)
            ?? await grafana.CreateAccountAsync(spec.ServiceAccount.Name, spec.ServiceAccount.Role, cancellationToken).ConfigureAwait(false);
        // Names of tokens are unique in an account; chance keeps two at once apart.
        var bytes = new byte[16];
        request.Random.GetBytes(bytes);
        var token = await grafana.CreateTokenAsync(account.Id, new Guid(bytes).ToString(), spec.ServiceAccount.SecondsToLive, cancellationToken).ConfigureAwait(false);
        var values = new SecretValues();
        values.Set("login", Encoding.UTF8.GetBytes(account.Login));
        values.Set("token", token.Key);
        var state = new GrafanaState(new(account.Id, account.Login, token.Id));
        DateTimeOffset? end = spec.ServiceAccount.SecondsToLive is { } seconds ? request.Time.GetUtcNow().AddSeconds(seconds) : null;
        return new Generated(values, JsonSerializer.SerializeToElement(state, GrafanaJson.Default.GrafanaState), end)
        {
            // An account that was there keeps its role.
            Unused = account.Role is { } role && role != spec.ServiceAccount.Role ? ["spec.serviceAccount.role"] : [],
        };
    }

    public async Task CleanUpAsync(GeneratorRequest request, JsonElement state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, TokenGeneratorJson.Default.GrafanaSpec, GrafanaRules.Findings);
        var account = StoreOptions.Read("the state", state, GrafanaJson.Default.GrafanaState).ServiceAccount;
        using var grafana = await GrafanaClient.OpenAsync(request, spec, cancellationToken).ConfigureAwait(false);
        await grafana.DeleteTokenAsync(account.Id, account.TokenId, cancellationToken).ConfigureAwait(false);
    }
}
