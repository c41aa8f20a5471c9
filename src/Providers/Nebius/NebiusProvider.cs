using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Nebius;

/// <summary>Nebius MysteryBox, over gRPC (https://github.com/nebius/api).</summary>
/// <param name="surroundings">Where Nebius is.</param>
public sealed class NebiusProvider(NebiusSurroundings surroundings) : IProvider
{
    private const string Title = "Nebius MysteryBox";

    public NebiusProvider()
        : this(NebiusSurroundings.OfProcess())
    {
    }

    public string Name => "nebiusmysterybox";

    public StoreCapability Capability => StoreCapability.ReadOnly;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(NebiusRules.Root, store.Options, NebiusStoreJson.Default.NebiusStore, options => NebiusRules.Problems(store, options));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(NebiusRules.Root, context.Store.Options, NebiusStoreJson.Default.NebiusStore, options => NebiusRules.Problems(context.Store, options));
        var domain = options.ApiDomain.Trim();
        var authorities = await AuthoritiesAsync(options, context.Cluster, cancellationToken).ConfigureAwait(false) ?? surroundings.Authorities;
        var token = string.IsNullOrEmpty(options.Auth.TokenSecretRef?.Name) ? null : (await SelectedText.ReadAsync(context.Cluster, options.Auth.TokenSecretRef, null, cancellationToken).ConfigureAwait(false)).Trim();
        var account = token is null ? NebiusServiceAccount.Parse(await SelectedText.ReadBytesAsync(context.Cluster, options.Auth.ServiceAccountCredsSecretRef!, null, cancellationToken).ConfigureAwait(false)) : null;
        var http = context.Http.Create(new HttpSettings { Authorities = authorities, Retry = context.Retry, GuardAddresses = true });
        var client = new GrpcClient(http, Title, new CallMeter(context.Calls, "Nebius/Mysterybox", context.Time), context.Time);
        var session = new GrpcSession(client, account is null ? null : stop => account.LogInAsync(client, surroundings.Service("tokens.iam", domain), context.Time, stop), token, context.Time);
        return new NebiusSource(session, surroundings.Service("dpl.mysterybox", domain), account);
    }

    private static async Task<X509Certificate2Collection?> AuthoritiesAsync(NebiusStore options, IStoreCluster cluster, CancellationToken cancellationToken)
    {
        if (options.CaProvider?.CertSecretRef is not { } reference) return null;
        var bytes = await SelectedText.ReadBytesAsync(cluster, reference, null, cancellationToken).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return Authorities.Parse("caProvider.certSecretRef", text);
    }
}
