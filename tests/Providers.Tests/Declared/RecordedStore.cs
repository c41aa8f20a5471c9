using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Cloudru;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Keeper;
using GitOpsSecrets.Providers.Nebius;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>Opens the store of a recording, with the Secrets that it names.</summary>
internal static class RecordedStore
{
    public static Definition DefinitionOf(string name) => BuiltInDefinitions.Read(name);

    /// <summary>Of the recording's definition, or the provider of its own that stands in the catalog, with its service where the recording is played.</summary>
    /// <param name="authority">The server's, in PEM, for stores that cannot name one.</param>
    public static IProvider ProviderOf(string name, JsonObject recording, Func<Uri> server, string authority = "") => name switch
    {
        "cloudrusm" => new CloudruProvider(new CloudruSurroundings { Discovery = new Uri(server(), "endpoints"), Authorities = Authorities(authority) }),
        "keepersecurity" => new KeeperProvider(new KeeperSurroundings { Host = server().Authority, ServerKeys = new Dictionary<string, string>(StringComparer.Ordinal) { ["10"] = new ReplayedKeeper(recording).Point }, Authorities = Authorities(authority) }),
        "nebiusmysterybox" => new NebiusProvider(new NebiusSurroundings { Server = server() }),
        "github" or "passbolt" => Catalog.Providers().Find(name)!,
        _ => new DeclaredProvider(DefinitionOf(name), variable => Environment(recording, server())(variable)),
    };

    public static StoreContext Context(JsonObject options, MemoryCluster cluster, TimeProvider? time = null)
    {
        var store = new StoreDescription("SecretStore", "store", ContractStand.Namespace, JsonDocument.Parse(options.ToJsonString()).RootElement);
        var clock = time ?? TimeProvider.System;
        return new StoreContext(store, cluster, new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System), new CallLog(), null, clock);
    }

    /// <summary>Under <c>secrets</c>, each as <c>name/key: value</c>.</summary>
    public static MemoryCluster Cluster(JsonObject recording)
    {
        var cluster = new MemoryCluster(ContractStand.Namespace);
        Fill(cluster, recording);
        return cluster;
    }

    public static void Fill(MemoryCluster cluster, JsonObject recording)
    {
        foreach (var (place, value) in recording["secrets"]?.AsObject() ?? []) cluster.Put(ContractStand.Namespace, place.Split('/')[0], place.Split('/')[1], RecordedKeys.Filled(value!.ToString()));
    }

    public static Func<string, string?> Environment(JsonObject recording, Uri server) => name => recording["environment"]?[name] is { } value ? Recordings.At(value, server).ToString() : null;

    private static X509Certificate2Collection Authorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }
}
