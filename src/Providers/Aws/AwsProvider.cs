using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws.CertificateManager;
using GitOpsSecrets.Providers.Aws.ParameterStore;
using GitOpsSecrets.Providers.Aws.SecretsManager;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>AWS Secrets Manager, Systems Manager Parameter Store and Certificate Manager.</summary>
/// <param name="variable">Reads a variable of the environment, by which operators name endpoints and the controller's own identity; null when it is not set.</param>
public sealed class AwsProvider(Func<string, string?> variable) : IRecognizeChange
{
    private readonly AwsSurroundings surroundings = new(variable);

    public AwsProvider()
        : this(Environment.GetEnvironmentVariable)
    {
    }

    public string Name => "aws";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(AwsRules.Root, store.Options, AwsStoreJson.Default.AwsStore, options => AwsRules.Problems(store, options));
    }

    public ChangedSecret? Recognize(StoreDescription store, RemoteChange change)
    {
        ArgumentNullException.ThrowIfNull(store);
        return AwsChanges.Recognize(StoreOptions.Read(AwsRules.Root, store.Options, AwsStoreJson.Default.AwsStore), change);
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return AwsRules.Unused(StoreOptions.Read(AwsRules.Root, store.Options, AwsStoreJson.Default.AwsStore));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(AwsRules.Root, context.Store.Options, AwsStoreJson.Default.AwsStore);
        if (Check(context.Store) is [var problem, ..]) throw new ProviderException(ProviderFailureKind.Invalid, problem);
        var connection = await AwsConnection.OpenAsync(context, surroundings, options.Region, options.Auth, RolesOf(context, options), cancellationToken).ConfigureAwait(false);
        var prefix = options.Prefix ?? "";
        return options.Service switch
        {
            AwsStore.ParameterStoreService => Parameters(connection, prefix),
            AwsStore.CertificateManagerService => Certificates(connection, prefix),
            _ => Secrets(connection, prefix, context.Cluster, options.SecretsManager ?? new()),
        };
    }

    private static SecretsManagerSource Secrets(AwsConnection connection, string prefix, IStoreCluster cluster, AwsStore.SecretsManagerSettings deletion)
    {
        var secrets = new SecretsManagerClient(connection.ClientOf(AwsService.SecretsManager));
        return new(connection, secrets, new SecretsManagerPush(secrets, cluster, prefix, deletion), prefix);
    }

    private static ParameterStoreSource Parameters(AwsConnection connection, string prefix)
    {
        var parameters = new ParameterClient(connection.Parameters());
        return new(connection, parameters, new ParameterStorePush(parameters, prefix), prefix);
    }

    private static CertificateManagerSource Certificates(AwsConnection connection, string prefix)
    {
        var certificates = new CertificateClient(connection.ClientOf(AwsService.CertificateManager), connection.ClientOf(AwsService.Tagging));
        return new(connection, certificates, new CertificatePush(certificates, prefix), prefix);
    }

    private static List<AwsRole> RolesOf(StoreContext context, AwsStore options)
    {
        var roles = (options.AdditionalRoles ?? []).Select(role => new AwsRole(role)).ToList();
        if (string.IsNullOrEmpty(options.Role)) return roles;
        var caller = AwsTags.NameTheCaller(options) ? context.Cluster.CallerNamespace : null;
        roles.Add(new AwsRole(options.Role) { ExternalId = options.ExternalID, Tags = AwsTags.Of(options, context.Store, caller), TransitiveTagKeys = options.TransitiveTagKeys ?? [] });
        return roles;
    }
}
