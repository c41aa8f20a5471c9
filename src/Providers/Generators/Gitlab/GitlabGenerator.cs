using System.Text.Json;
using GitOpsSecrets.Api.Generators;

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

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GitlabJson.Default.GitlabDeployTokenSpec, spec => UnusedOptions.Namespace("spec.auth.token.secretRef", spec.Auth.Token.SecretRef.Namespace, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GitlabJson.Default.GitlabDeployTokenSpec, GitlabRules.Findings);
        using var gitlab = await GitlabClient.OpenAsync(request, spec, cancellationToken).ConfigureAwait(false);
        var made = await gitlab.CreateAsync(spec, cancellationToken).ConfigureAwait(false);
        var values = new SecretValues();
        values.Set("username", made.Username);
        values.Set("token", made.Token);
        // One that ends at a given time is not made anew before that: another would end then too.
        return new Generated(values, JsonSerializer.SerializeToElement(new GitlabState(spec.Url, spec.ProjectID, spec.GroupID, made.Id), GitlabJson.Default.GitlabState));
    }

    public async Task CleanUpAsync(GeneratorRequest request, JsonElement state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GitlabJson.Default.GitlabDeployTokenSpec, GitlabRules.Findings);
        using var gitlab = await GitlabClient.OpenAsync(request, spec, cancellationToken).ConfigureAwait(false);
        await gitlab.DeleteAsync(StoreOptions.Read("the state", state, GitlabJson.Default.GitlabState), cancellationToken).ConfigureAwait(false);
    }
}
