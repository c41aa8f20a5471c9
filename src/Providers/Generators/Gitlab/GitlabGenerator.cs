using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Gitlab;

/// <summary>
/// A deploy token of a project or group of GitLab: <c>username</c> and <c>token</c>. It lives until it is taken back, also where <c>expiresAt</c> says when it stops to
/// work: so each has a state.
/// </summary>
public sealed class GitlabGenerator : ICleanUp
{
    public string Kind => GeneratorKinds.GitlabDeployToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GitlabJson.Default.GitlabDeployTokenSpec, GitlabRules.Findings);
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GitlabJson.Default.GitlabDeployTokenSpec, GitlabRules.Findings);
        using var gitlab = await GitlabClient.OpenAsync(request, spec, cancellationToken).ConfigureAwait(false);
        var body = await gitlab.CreateAsync(spec, cancellationToken).ConfigureAwait(false);
        try
        {
            using var id = FoundValue.In(body, "id");
            if (!long.TryParse(id?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw Lacks("id");
            var values = new SecretValues();
            values.Set("username", Value(body, "username"));
            values.Set("token", Value(body, "token"));
            // One that ends at a given time is not made anew before that: another would end then too.
            return new Generated(values, JsonSerializer.SerializeToElement(new GitlabState(spec.Url, spec.ProjectID, spec.GroupID, number), GitlabJson.Default.GitlabState));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    public async Task CleanUpAsync(GeneratorRequest request, JsonElement state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GitlabJson.Default.GitlabDeployTokenSpec, GitlabRules.Findings);
        using var gitlab = await GitlabClient.OpenAsync(request, spec, cancellationToken).ConfigureAwait(false);
        await gitlab.DeleteAsync(StoreOptions.Read("the state", state, GitlabJson.Default.GitlabState), cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Value(ReadOnlyMemory<byte> json, string name)
    {
        using var found = FoundValue.In(json, name);
        return found is null or { IsNull: true } || found.Text.Length == 0 ? throw Lacks(name) : Encoding.UTF8.GetBytes(found.Text);
    }

    private static ProviderException Lacks(string name) => new(ProviderFailureKind.Invalid, $"the answer of GitLab has no {name}: is spec.url right?");
}
