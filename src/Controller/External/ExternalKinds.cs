using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External;

/// <summary>The kinds that External Secrets is made of, and those it reads, on the API server and in the cache.</summary>
internal static class ExternalKinds
{
    public static KubeKind<ExternalSecret> ExternalSecrets { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.Group, ExternalSecretNames.V1, ExternalSecret.Plural), ApiJson.Compact.ExternalSecret, item => item.Metadata);

    public static KubeKind<SecretStore> SecretStores { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.Group, ExternalSecretNames.V1, SecretStore.Plural), ApiJson.Compact.SecretStore, item => item.Metadata);

    public static KubeKind<ClusterSecretStore> ClusterSecretStores { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.Group, ExternalSecretNames.V1, ClusterSecretStore.Plural, Namespaced: false), ApiJson.Compact.ClusterSecretStore, item => item.Metadata);

    public static KubeKind<ClusterExternalSecret> ClusterExternalSecrets { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.Group, ExternalSecretNames.V1, ClusterExternalSecret.Plural, Namespaced: false), ApiJson.Compact.ClusterExternalSecret, item => item.Metadata);

    public static KubeKind<PushSecret> PushSecrets { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.Group, ExternalSecretNames.V1Alpha1, PushSecret.Plural), ApiJson.Compact.PushSecret, item => item.Metadata);

    public static KubeKind<ClusterPushSecret> ClusterPushSecrets { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.Group, ExternalSecretNames.V1Alpha1, ClusterPushSecret.Plural, Namespaced: false), ApiJson.Compact.ClusterPushSecret, item => item.Metadata);

    public static KubeKind<GeneratorState> GeneratorStates { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.GeneratorGroup, ExternalSecretNames.V1Alpha1, GeneratorState.Plural), ApiJson.Compact.GeneratorState, item => item.Metadata);

    public static KubeKind<Generator> Generators(string kind) => KubeKind.Of(
        new KubeResource(ExternalSecretNames.GeneratorGroup, ExternalSecretNames.V1Alpha1, PluralOf(kind)), ApiJson.Compact.Generator, item => item.Metadata);

    public static KubeKind<ClusterGenerator> ClusterGenerators { get; } = KubeKind.Of(
        new KubeResource(ExternalSecretNames.GeneratorGroup, ExternalSecretNames.V1Alpha1, ClusterGenerator.Plural, Namespaced: false), ApiJson.Compact.ClusterGenerator, item => item.Metadata);

    public static KubeKind<JsonObject> ConfigMaps { get; } = KubeKind.Untyped(new KubeResource("", "v1", "configmaps"));

    public static KubeKind<PartialObjectMetadata> ServiceAccounts { get; } = KubeKind.MetadataOf(new KubeResource("", "v1", "serviceaccounts"));

    public static KubeResource Namespaces { get; } = new("", "v1", "namespaces", Namespaced: false);

    /// <summary>Every kind of generator has its name in small letters, with an s.</summary>
    private static string PluralOf(string kind) =>
#pragma warning disable CA1308 // Resource names are lower case.
        kind.ToLowerInvariant() + "s";
#pragma warning restore CA1308

    /// <summary>Without <c>managedFields</c>, which are larger than the object.</summary>
    public static ExternalSecret Trim(ExternalSecret read) => read with { Metadata = Trim(read.Metadata) };

    public static SecretStore Trim(SecretStore read) => read with { Metadata = Trim(read.Metadata) };

    public static ClusterSecretStore Trim(ClusterSecretStore read) => read with { Metadata = Trim(read.Metadata) };

    public static ClusterExternalSecret Trim(ClusterExternalSecret read) => read with { Metadata = Trim(read.Metadata) };

    public static PushSecret Trim(PushSecret read) => read with { Metadata = Trim(read.Metadata) };

    public static ClusterPushSecret Trim(ClusterPushSecret read) => read with { Metadata = Trim(read.Metadata) };

    public static GeneratorState Trim(GeneratorState read) => read with { Metadata = Trim(read.Metadata) };

    private static ObjectMeta Trim(ObjectMeta metadata) => metadata with { ManagedFields = null };
}
