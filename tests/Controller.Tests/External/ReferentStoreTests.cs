using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.External.Trouble;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>
/// Cluster stores whose selectors name no namespace: the credentials are those of whoever uses the store. On nobody's behalf it cannot be tried, which is no
/// failure: it is ready, and each namespace is served with its own.
/// </summary>
public sealed class ReferentStoreTests
{
    private const string Well = "True Valid: store validated";

    public static TheoryData<string> Stands() => [.. TroubleStands.Names];

    [Theory]
    [MemberData(nameof(Stands))]
    public async Task A_cluster_store_with_credentials_of_its_users_is_ready_and_serves_them(string name)
    {
        await using var stage = await ExternalStage.SetAsync();
        await using var stand = await TroubleStands.StartAsync(name, stage.Cluster);
        var options = stand.Options();
        Assert.SkipWhen(!stand.Cluster.Secrets.Any(), "this store reads no credentials of the cluster");
        Assert.SkipWhen(stand.Kept("") is not null, "this store gives no value out");
        Assert.SkipWhen(name == "crd", "in a cluster store its keys name the namespace, which is then not that of its users");
        var problems = stand.Provider.Check(new StoreDescription("ClusterSecretStore", "store", null, JsonDocument.Parse(options.ToJsonString()).RootElement));
        Assert.SkipWhen(name == "webhook" && problems.Count > 0, string.Join("; ", problems));
        Assert.Empty(problems);
        stage.Providers = new ProviderCatalog([stand.Provider]);
        stage.Http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0, Authorities = stand.Authorities }, TimeProvider.System);
        await stage.StartAsync();
        await stage.ApplyAsync(Store("store", stand.Name, options));
        var told = await ToldAsync(stage, "store");
        // Some cannot be tried by anybody.
        if (!told.EndsWith("has no request that is only there to try", StringComparison.Ordinal)) Assert.Equal(Well, told);

        foreach (var secret in stand.Cluster.Secrets.GroupBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var labels = new JsonObject(stand.Cluster.Labels(ContractStand.Namespace, secret.Key).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
            var data = new JsonObject(secret.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
            await stage.ApplyAsync(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = secret.Key, ["labels"] = labels }, ["stringData"] = data }.ToJsonString());
        }
        await stand.PutAsync("credentials0", new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = "its own" });
        var reference = stand.Reference("credentials0");
        await stage.ApplyAsync(Reader(ExternalStage.Namespace));
        await stage.SecretAsync("db", "a", stand.Shown("its own"));
        await stage.NamespaceAsync("other");
        await stage.ApplyAsync(Reader("other"));
        await stage.ReadyAsync("db", "False", "Secret other/", "other");

        string Reader(string ns) => $$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, namespace: {{ns}} }
            spec: {secretStoreRef: {name: store, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: "{{reference.Key}}", property: "{{reference.Property}}"} }]}
            """;
    }

    [Fact]
    public async Task Whatever_such_a_store_logs_in_with_it_is_ready_before_anybody_uses_it()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        stage.Http = new Nowhere();
        await stage.StartAsync();
        var logins = YamlReader.Read(Logins)!.AsArray().Select(login => login!.AsObject().Single()).ToList();
        for (var i = 0; i < logins.Count; i++) await stage.ApplyAsync(Store($"store-{i}", logins[i].Key, logins[i].Value!.DeepClone()));
        var told = new List<string>();
        for (var i = 0; i < logins.Count; i++) told.Add($"{logins[i].Key} {i}: {await ToldAsync(stage, $"store-{i}")}");
        Assert.All(told, text => Assert.EndsWith(Well, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_store_whose_credentials_are_named_with_their_namespace_and_are_not_there_is_not_ready()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        stage.Http = new Nowhere();
        await stage.StartAsync();
        var options = YamlReader.Read("{service: SecretsManager, region: eu-west-1, auth: {secretRef: {accessKeyIDSecretRef: {name: aws, namespace: shop, key: id}, secretAccessKeySecretRef: {name: aws, namespace: shop, key: secret}}}}")!;
        await stage.ApplyAsync(Store("store", "aws", options));
        Assert.Equal("False InvalidProviderConfig: unable to validate store: Secret shop/aws is not there", await ToldAsync(stage, "store"));
    }

    private const string Logins = """
        - aws: {service: SecretsManager, region: eu-west-1, auth: {secretRef: {accessKeyIDSecretRef: {name: c, key: id}, secretAccessKeySecretRef: {name: c, key: secret}}}}
        - aws: {service: SecretsManager, region: eu-west-1, auth: {jwt: {serviceAccountRef: {name: app}}}}
        - aws: {service: ParameterStore, region: eu-west-1, auth: {secretRef: {accessKeyIDSecretRef: {name: c, key: id}, secretAccessKeySecretRef: {name: c, key: secret}}}}
        - aws: {service: ParameterStore, region: eu-west-1, role: "arn:aws:iam::123456789012:role/app", auth: {jwt: {serviceAccountRef: {name: app}}}}
        - azurekv: {vaultUrl: "https://shop.vault.azure.net", tenantId: t, authSecretRef: {clientId: {name: c, key: id}, clientSecret: {name: c, key: secret}}}
        - azurekv: {vaultUrl: "https://shop.vault.azure.net", tenantId: t, authType: WorkloadIdentity, serviceAccountRef: {name: app}}
        - gcpsm: {projectID: shop, auth: {secretRef: {secretAccessKeySecretRef: {name: c, key: key}}}}
        - gcpsm: {projectID: shop, auth: {workloadIdentity: {clusterLocation: europe-west3, clusterName: prod, clusterProjectID: shop, serviceAccountRef: {name: app}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {tokenSecretRef: {name: c, key: token}}}
        - vault: {server: "https://vault.example", path: secret, auth: {appRole: {path: approle, roleId: r, secretRef: {name: c, key: id}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {kubernetes: {mountPath: kubernetes, role: app, serviceAccountRef: {name: app}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {kubernetes: {mountPath: kubernetes, role: app, secretRef: {name: c, key: token}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {ldap: {path: ldap, username: u, secretRef: {name: c, key: password}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {userPass: {path: userpass, username: u, secretRef: {name: c, key: password}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {jwt: {path: jwt, role: app, kubernetesServiceAccountToken: {serviceAccountRef: {name: app}}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {jwt: {path: jwt, role: app, secretRef: {name: c, key: jwt}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {iam: {region: eu-west-1, vaultRole: app, secretRef: {accessKeyIDSecretRef: {name: c, key: id}, secretAccessKeySecretRef: {name: c, key: secret}}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {iam: {region: eu-west-1, vaultRole: app, jwt: {serviceAccountRef: {name: app}}}}}
        - vault: {server: "https://vault.example", path: secret, auth: {cert: {clientCert: {name: c, key: tls.crt}, secretRef: {name: c, key: tls.key}}}}
        - openBao: {server: "https://bao.example", auth: {appRole: {path: approle, roleId: r, secretRef: {name: c, key: id}}}}
        - conjur: {url: "https://conjur.example", auth: {jwt: {account: acme, serviceID: cluster, serviceAccountRef: {name: app}}}}
        - conjur: {url: "https://conjur.example", auth: {apikey: {account: acme, userRef: {name: c, key: user}, apiKeyRef: {name: c, key: key}}}}
        - doppler: {auth: {oidcConfig: {identity: i, serviceAccountRef: {name: app}}}}
        - doppler: {auth: {secretRef: {dopplerToken: {name: c, key: token}}}}
        - kubernetes: {server: {url: "https://kube.example"}, remoteNamespace: shop, auth: {token: {bearerToken: {name: c, key: token}}}}
        - kubernetes: {server: {url: "https://kube.example"}, remoteNamespace: shop, auth: {serviceAccount: {name: app}}}
        """;

    private static string Store(string name, string provider, JsonNode options) => new JsonObject
    {
        ["apiVersion"] = "external-secrets.io/v1",
        ["kind"] = "ClusterSecretStore",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["provider"] = new JsonObject { [provider] = options } },
    }.ToJsonString();

    private static async Task<string> ToldAsync(ExternalStage stage, string name)
    {
        var store = await stage.UntilAsync(ExternalKinds.ClusterSecretStores, "", all => all.FirstOrDefault(found => found.Metadata.Name == name && found.Status?.Conditions is { Count: > 0 }));
        return $"{store.Status!.Conditions![0].Status} {store.Status.Conditions[0].Reason}: {store.Status.Conditions[0].Message}";
    }

    /// <summary>No server answers.</summary>
    private sealed class Nowhere : IProviderHttp
    {
        public HttpClient Create(HttpSettings settings) => new(new Silence(), disposeHandler: true);

        private sealed class Silence : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                Task.FromException<HttpResponseMessage>(new ProviderException(ProviderFailureKind.Unavailable, $"nobody answers at {request.RequestUri?.Host}"));
        }
    }
}
