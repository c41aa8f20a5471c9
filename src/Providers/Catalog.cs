using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Cloudru;
using GitOpsSecrets.Providers.Crd;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Fake;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Acr;
using GitOpsSecrets.Providers.Generators.Aws;
using GitOpsSecrets.Providers.Generators.Beyondtrust;
using GitOpsSecrets.Providers.Generators.Cloudsmith;
using GitOpsSecrets.Providers.Generators.Fake;
using GitOpsSecrets.Providers.Generators.Github;
using GitOpsSecrets.Providers.Generators.Gitlab;
using GitOpsSecrets.Providers.Generators.Google;
using GitOpsSecrets.Providers.Generators.Grafana;
using GitOpsSecrets.Providers.Generators.Mfa;
using GitOpsSecrets.Providers.Generators.Password;
using GitOpsSecrets.Providers.Generators.Quay;
using GitOpsSecrets.Providers.Generators.SshKey;
using GitOpsSecrets.Providers.Generators.Uuid;
using GitOpsSecrets.Providers.Generators.Vault;
using GitOpsSecrets.Providers.Generators.Webhook;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Keeper;
using GitOpsSecrets.Providers.Kubernetes;
using GitOpsSecrets.Providers.Nebius;
using GitOpsSecrets.Providers.Passbolt;
using GitOpsSecrets.Providers.Vault;
using GitOpsSecrets.Providers.Webhook;

namespace GitOpsSecrets.Providers;

/// <summary>All providers and generators that there are: a new one is a line here.</summary>
public static class Catalog
{
    /// <param name="own">Definitions of the operator's own; null for none.</param>
    public static ProviderCatalog Providers(OwnDefinitions? own = null) => new([
        new AwsProvider(),
        new AzureProvider(),
        new CloudruProvider(),
        new CrdProvider(),
        new DeclaredStores(own ?? OwnDefinitions.None),
        new FakeProvider(),
        new GithubProvider(),
        new GoogleProvider(),
        new KeeperProvider(),
        new KubernetesProvider(),
        new NebiusProvider(),
        new OpenBaoProvider(),
        new PassboltProvider(),
        new VaultProvider(),
        new WebhookProvider(),
        .. BuiltInDefinitions.Names.Where(name => name != "github").Select(name => new BuiltInProvider(name)),
    ]);

    public static GeneratorCatalog Generators() => new([
        new AcrGenerator(),
        new BeyondtrustGenerator(),
        new CloudsmithGenerator(),
        new EcrGenerator(),
        new FakeGenerator(),
        new GcrAccessTokenGenerator(),
        new GithubGenerator(),
        new GitlabGenerator(),
        new GrafanaGenerator(),
        new MfaGenerator(),
        new PasswordGenerator(),
        new QuayGenerator(),
        new SshKeyGenerator(),
        new StsGenerator(),
        new UuidGenerator(),
        new VaultDynamicSecretGenerator(),
        new WebhookGenerator(),
    ]);
}
