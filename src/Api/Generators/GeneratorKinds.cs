namespace GitOpsSecrets.Api.Generators;

/// <summary>The kinds of <c>generators.external-secrets.io</c>.</summary>
public static class GeneratorKinds
{
    public const string AcrAccessToken = "ACRAccessToken";
    public const string BeyondtrustWorkloadCredentialsDynamicSecret = "BeyondtrustWorkloadCredentialsDynamicSecret";
    public const string CloudsmithAccessToken = "CloudsmithAccessToken";
    public const string ClusterGenerator = "ClusterGenerator";
    public const string EcrAuthorizationToken = "ECRAuthorizationToken";
    public const string Fake = "Fake";
    public const string GcrAccessToken = "GCRAccessToken";
    public const string GithubAccessToken = "GithubAccessToken";
    public const string GitlabDeployToken = "GitlabDeployToken";
    public const string Grafana = "Grafana";
    public const string Mfa = "MFA";
    public const string Password = "Password";
    public const string QuayAccessToken = "QuayAccessToken";
    public const string SshKey = "SSHKey";
    public const string StsSessionToken = "STSSessionToken";
    public const string Uuid = "UUID";
    public const string VaultDynamicSecret = "VaultDynamicSecret";
    public const string Webhook = "Webhook";

    /// <summary>The name of a kind in paths of the API server.</summary>
    public static string PluralOf(string kind) => kind.ToLowerInvariant() + "s";
}
