using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record SecretStoreSpec
{
    /// <summary>The class of controller that serves this store; every one does when absent.</summary>
    public string? Controller { get; init; }

    /// <summary>The provider: exactly one of the fields.</summary>
    [Schema(Required = true, Of = typeof(StoreProviders))]
    public ProviderBlock? Provider { get; init; }

    /// <summary>How failed calls are repeated.</summary>
    public RetrySettings? RetrySettings { get; init; }

    /// <summary>How often the store is checked: seconds, or a duration such as 10m; the controller's setting by default.</summary>
    [Schema(IntOrString = true)]
    public GoDuration? RefreshInterval { get; init; }

    /// <summary>Only for a ClusterSecretStore: the namespaces that may use it. One match is enough; without conditions, all may.</summary>
    public IReadOnlyList<NamespaceCondition>? Conditions { get; init; }
}
