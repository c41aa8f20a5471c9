using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws.ParameterStore;
using GitOpsSecrets.Providers.Aws.SecretsManager;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>AWS Secrets Manager and Systems Manager Parameter Store.</summary>
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

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(AwsRules.Root, context.Store.Options, AwsStoreJson.Default.AwsStore);
        if (Check(context.Store) is [var problem, ..]) throw new ProviderException(ProviderFailureKind.Invalid, problem);
        var connection = await AwsConnection.OpenAsync(context, surroundings, options.Region, options.Auth, RolesOf(context, options), cancellationToken).ConfigureAwait(false);
        if (options.Service == AwsStore.ParameterStoreService)
        {
            var parameters = new ParameterClient(connection.ClientOf(AwsService.ParameterStore));
            return new ParameterStoreSource(connection, parameters, new ParameterStorePush(parameters, options.Prefix ?? ""), options.Prefix ?? "");
        }
        var secrets = new SecretsManagerClient(connection.ClientOf(AwsService.SecretsManager));
        return new SecretsManagerSource(connection, secrets, new SecretsManagerPush(secrets, context.Cluster, options.Prefix ?? "", options.SecretsManager ?? new()), options.Prefix ?? "");
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
