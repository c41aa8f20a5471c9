using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>A kind of object that ExternalSecrets lead to, and where the API server has it.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Group">Path of its group and version.</param>
/// <param name="Plural">As in paths.</param>
/// <param name="IsNamespaced">Whether it lives in a namespace.</param>
internal sealed record ObjectKind(string Name, string Group, string Plural, bool IsNamespaced = true)
{
    private const string Core = "/api/v1";
    private const string External = $"/apis/{ExternalSecretNames.GroupV1}";
    private const string Generators = $"/apis/{ExternalSecretNames.GeneratorGroupVersion}";

    public static ObjectKind Secret { get; } = new(Api.Secret.SecretKind, Core, "secrets");

    public static ObjectKind ConfigMap { get; } = new("ConfigMap", Core, "configmaps");

    public static ObjectKind ServiceAccount { get; } = new("ServiceAccount", Core, "serviceaccounts");

    public static ObjectKind Namespace { get; } = new("Namespace", Core, "namespaces", IsNamespaced: false);

    public static ObjectKind ExternalSecret { get; } = new(Api.ExternalSecrets.ExternalSecret.ExternalSecretKind, External, Api.ExternalSecrets.ExternalSecret.Plural);

    public static ObjectKind SecretStore { get; } = new(Api.ExternalSecrets.SecretStore.SecretStoreKind, External, Api.ExternalSecrets.SecretStore.Plural);

    public static ObjectKind ClusterSecretStore { get; } =
        new(Api.ExternalSecrets.ClusterSecretStore.ClusterSecretStoreKind, External, Api.ExternalSecrets.ClusterSecretStore.Plural, IsNamespaced: false);

    public static ObjectKind ClusterGenerator { get; } = new(GeneratorKinds.ClusterGenerator, Generators, Api.Generators.ClusterGenerator.Plural, IsNamespaced: false);

    /// <summary>Every kind of generator has its name in small letters, with an s.</summary>
#pragma warning disable CA1308 // Resource names are lower case.
    public static ObjectKind Generator(string kind) => new(kind, Generators, kind.ToLowerInvariant() + "s");
#pragma warning restore CA1308

    /// <summary>Path of all of a namespace.</summary>
    public string Path(string? space) => IsNamespaced ? $"{Group}/namespaces/{Uri.EscapeDataString(space!)}/{Plural}" : $"{Group}/{Plural}";

    /// <summary>Path of one.</summary>
    public string Path(string? space, string name) => $"{Path(space)}/{Uri.EscapeDataString(name)}";

    public override string ToString() => Name;
}
