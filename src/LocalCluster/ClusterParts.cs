using GitOpsSecrets.LocalCluster.Auth;
using GitOpsSecrets.LocalCluster.Discovery;
using GitOpsSecrets.LocalCluster.Garbage;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Protobuf;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Schema;
using GitOpsSecrets.LocalCluster.Storage;
using GitOpsSecrets.LocalCluster.Tables;
using GitOpsSecrets.LocalCluster.Webhooks;

namespace GitOpsSecrets.LocalCluster;

/// <summary>The composition of one server; nothing else.</summary>
internal sealed class ClusterParts : IDisposable
{
    private readonly ObjectStore store;
    private readonly ServiceAccountTokens tokens;

    public ClusterParts(LocalApiServerOptions options, string adminToken, string caPem)
    {
        Time = options.Time;
        store = new ObjectStore(options.HistoryLimit);
        var schemas = SchemaCatalog.Load();
        var catalog = new ResourceCatalog(store, schemas);
        var writer = new ObjectWriter(store, new ObjectDecoder(schemas), new ObjectAdmission(Time), Time);
        tokens = new ServiceAccountTokens(store, Time);
        Faults = new ClusterFaults(store);
        Requests = new RequestLog();
        Proxy = new ServiceProxyEndpoint();
        var authenticator = new Authenticator(adminToken, tokens);
        var authorizer = new RbacAuthorizer(store);
        var tables = new TableWriter(Time);
        var response = new ObjectResponse(tables);
        var endpoints = new ResourceEndpoints(
            store,
            response,
            new ListEndpoint(store, tables),
            new WatchEndpoint(store, tables, Faults, Time),
            new WriteEndpoint(writer, new ValidatingWebhooks(store), response),
            new DeleteEndpoint(store, writer, response),
            new ScaleEndpoint(store, writer),
            new TokenRequestEndpoint(store, tokens, Time),
            Proxy,
            new ReviewEndpoint(authenticator, authorizer));
        var others = new NonResourceEndpoint(new DiscoveryDocuments(catalog), new OpenApiDocuments(catalog), tokens, authorizer);
        Handler = new ApiHandler(catalog, authenticator, authorizer, endpoints, others, new BodyTranslation(new ProtobufObjects(schemas)), Faults, Requests, Time);
        var namespaces = new NamespaceKeeper(store, writer, catalog, caPem);
        Controllers = new ClusterControllers(store, new OwnerCollector(store, writer, catalog), namespaces, new DefinitionKeeper(store, writer, catalog));
        Bootstrap = new ClusterBootstrap(catalog, writer, namespaces);
    }

    public TimeProvider Time { get; }

    public ApiHandler Handler { get; }

    public ClusterFaults Faults { get; }

    public RequestLog Requests { get; }

    public ServiceProxyEndpoint Proxy { get; }

    public ClusterControllers Controllers { get; }

    public ClusterBootstrap Bootstrap { get; }

    public string IssueToken(string ns, string name, TimeSpan lifetime)
    {
        var account = store.Find("serviceaccounts", new ObjectKey(ns, name)) ?? throw new ArgumentException($"no service account {ns}/{name}", nameof(name));
        return tokens.Issue(ns, name, account.Uid, [ServiceAccountTokens.Issuer], lifetime);
    }

    public void Dispose()
    {
        Proxy.Dispose();
        tokens.Dispose();
    }
}
