using System.Text.Json;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>What a generator's spec says and nothing comes of it.</summary>
public sealed class UnusedFieldTests
{
    /// <summary>Words of the tables.</summary>
    private static readonly (string Word, string Json)[] Words =
    [
        ("SECRET", """{"name":"s","key":"k"}"""),
        ("THEIRS", """{"name":"s","key":"k","namespace":"team-b"}"""),
        ("KEYS", """{"accessKeyIDSecretRef":{"name":"s","key":"k"},"secretAccessKeySecretRef":{"name":"s","key":"k"}}"""),
        ("ACCOUNT", """{"name":"a"}"""),
        ("STRANGER", """{"name":"a","namespace":"team-b"}"""),
    ];

    [Theory]
    [InlineData("GithubAccessToken", """{"appID":"1","installID":"2","auth":{"privateKey":{"secretRef":SECRET}}}""")]
    [InlineData("GithubAccessToken", """{"appID":"1","installID":"2","auth":{"privateKey":{"secretRef":{"name":"s","key":"k","namespace":"team-a"}}}}""")]
    [InlineData("GithubAccessToken", """{"appID":"1","installID":"2","auth":{"privateKey":{"secretRef":THEIRS}}}""", "spec.auth.privateKey.secretRef.namespace")]
    [InlineData("GitlabDeployToken", """{"name":"n","scopes":["read_registry"],"projectID":"5","auth":{"token":{"secretRef":THEIRS}}}""", "spec.auth.token.secretRef.namespace")]
    [InlineData("CloudsmithAccessToken", """{"orgSlug":"o","serviceSlug":"s","serviceAccountRef":STRANGER}""", "spec.serviceAccountRef.namespace")]
    [InlineData("QuayAccessToken", """{"robotAccount":"r","serviceAccountRef":STRANGER}""", "spec.serviceAccountRef.namespace")]
    [InlineData("QuayAccessToken", """{"robotAccount":"r","serviceAccountRef":ACCOUNT}""")]
    [InlineData("MFA", """{"secret":THEIRS,"length":-1,"timePeriod":-1}""", "spec.length", "spec.timePeriod", "spec.secret.namespace")]
    [InlineData("Password", """{"length":-1,"noUpper":false,"allowRepeat":true}""", "spec.length")]
    [InlineData("SSHKey", """{"keyType":"ed25519","keySize":4096}""", "spec.keySize")]
    [InlineData("UUID", "{}")]
    [InlineData("Fake", """{"data":{"a":"b"}}""")]
    public void A_namespace_is_named_where_all_is_read_in_that_of_the_caller(string kind, string spec, params string[] unused) => Check(kind, spec, unused);

    [Theory]
    [InlineData("""{"token":SECRET}""")]
    [InlineData("""{"basic":{"username":"u","password":SECRET}}""")]
    [InlineData("""{"token":SECRET,"basic":{"username":"u","password":SECRET}}""", "spec.auth.basic")]
    public void Grafana_is_logged_in_to_in_one_way(string auth, params string[] unused) =>
        Check("Grafana", $$$"""{"url":"https://grafana.example","serviceAccount":{"name":"bot","role":"Viewer"},"auth":{{{auth}}}}""", unused);

    [Theory]
    [InlineData("", "")]
    [InlineData(""" "getParameters":{"a":["b"]} """, "")]
    [InlineData(""" "method":"GET","parameters":{"a":1} """, "", "spec.parameters")]
    [InlineData(""" "method":"LIST","parameters":{"a":1},"getParameters":{"a":["b"]} """, "", "spec.getParameters", "spec.parameters")]
    [InlineData(""" "method":"DELETE","parameters":{"a":1} """, "", "spec.parameters")]
    [InlineData(""" "method":"POST","parameters":{"a":1},"getParameters":{"a":["b"]} """, "", "spec.getParameters")]
    [InlineData(""" "method":"PUT","parameters":{"a":1} """, "")]
    [InlineData(""" "method":"PATCH","parameters":{"a":1} """, "", "spec.method")]
    [InlineData("", """ "version":"v2" """)]
    [InlineData("", """ "path":"kv","version":"v1","checkAndSet":{"required":false} """, "spec.provider.path", "spec.provider.version", "spec.provider.checkAndSet")]
    [InlineData("", """ "readYourWrites":true,"forwardInconsistent":true """)]
    [InlineData("", """ "forwardInconsistent":true """, "spec.provider.forwardInconsistent")]
    [InlineData("", """ "caBundle":"x","caProvider":{"type":"Secret","name":"ca"} """, "spec.provider.caProvider")]
    [InlineData("", """ "caProvider":{"type":"Secret","name":"ca","namespace":"team-b"} """, "spec.provider.caProvider.namespace")]
    public void Of_Vault_what_no_engine_is_asked(string own, string provider, params string[] unused) => Check("VaultDynamicSecret", Vault(provider, own), unused);

    [Theory]
    [InlineData("""{"tokenSecretRef":SECRET}""")]
    [InlineData("""{"namespace":"ns"}""", "namespace")]
    [InlineData("""{"namespace":"ns","tokenSecretRef":SECRET,"ldap":{"username":"u","secretRef":SECRET}}""", "namespace", "ldap")]
    [InlineData("""{"namespace":"ns","userPass":{"username":"u","secretRef":SECRET},"ldap":{"username":"u","secretRef":SECRET}}""", "userPass")]
    [InlineData("""{"appRole":{"roleId":"r","roleRef":SECRET,"secretRef":SECRET},"gcp":{"role":"r"}}""", "gcp", "appRole.roleId")]
    [InlineData("""{"kubernetes":{"role":"r","serviceAccountRef":ACCOUNT,"secretRef":SECRET},"jwt":{"secretRef":SECRET}}""", "jwt", "kubernetes.secretRef")]
    [InlineData("""{"jwt":{"secretRef":SECRET,"kubernetesServiceAccountToken":{"serviceAccountRef":ACCOUNT}}}""", "jwt.secretRef")]
    [InlineData("""{"cert":{"vaultRole":"r","clientCert":SECRET,"secretRef":SECRET}}""")]
    [InlineData("""{"cert":{"clientCert":SECRET}}""", "cert.clientCert")]
    [InlineData("""{"tokenSecretRef":SECRET,"cert":{"vaultRole":"r","clientCert":SECRET,"secretRef":SECRET}}""", "cert.vaultRole")]
    [InlineData("""{"tokenSecretRef":SECRET,"cert":{"vaultRole":"r"}}""", "cert")]
    [InlineData("""{"iam":{"vaultRole":"r","externalID":"e","secretRef":KEYS,"jwt":{"serviceAccountRef":ACCOUNT}}}""", "iam.externalID", "iam.secretRef")]
    [InlineData("""{"iam":{"vaultRole":"r","role":"arn","externalID":"e","jwt":{}}}""", "iam.jwt")]
    [InlineData("""{"gcp":{"role":"r","projectID":"p","location":"l","serviceAccountRef":ACCOUNT}}""", "gcp.location")]
    [InlineData("""{"gcp":{"role":"r","projectID":"p","secretRef":{"secretAccessKeySecretRef":SECRET},"workloadIdentity":{"serviceAccountRef":ACCOUNT},"serviceAccountRef":ACCOUNT}}""", "gcp.projectID", "gcp.workloadIdentity", "gcp.serviceAccountRef")]
    [InlineData("""{"gcp":{"role":"r","projectID":"p","workloadIdentity":{"clusterProjectID":"c","serviceAccountRef":ACCOUNT}}}""", "gcp.projectID")]
    public void Vault_is_logged_in_to_in_one_way(string auth, params string[] unused) =>
        Check("VaultDynamicSecret", Vault($"\"auth\":{auth}"), [.. unused.Select(field => "spec.provider.auth." + field)]);

    [Fact]
    public void The_certificate_of_the_connection_stands_in_the_place_of_that_of_the_login() => Check(
        "VaultDynamicSecret",
        Vault(""" "tls":{"certSecretRef":SECRET,"keySecretRef":SECRET},"auth":{"cert":{"clientCert":SECRET,"secretRef":SECRET}} """),
        ["spec.provider.auth.cert.clientCert", "spec.provider.auth.cert.secretRef"]);

    [Theory]
    [InlineData("""{"url":"https://hook.example","result":{},"secrets":[{"name":"a","secretRef":{"name":"s"}},{"name":"b","secretRef":{"name":"s","key":"k"}}]}""", "spec.secrets[1].secretRef.key")]
    [InlineData("""{"url":"https://hook.example","result":{},"caBundle":"x","caProvider":{"type":"Secret","name":"ca"}}""", "spec.caProvider")]
    [InlineData("""{"url":"https://hook.example","result":{},"caProvider":{"type":"ConfigMap","name":"ca","namespace":"team-b"}}""", "spec.caProvider.namespace")]
    public void Templates_of_a_webhook_know_a_Secret_with_all_its_items(string spec, params string[] unused) => Check("Webhook", spec, unused);

    [Fact]
    public void BeyondTrust_is_known_by_one_authority() => Check(
        "BeyondtrustWorkloadCredentialsDynamicSecret",
        """{"provider":{"folderPath":"a/b","server":{"apiUrl":"https://api.example","siteId":"11111111-2222-4333-8444-555555555555"},"auth":{"apikey":{"token":SECRET}},"caBundle":"x","caProvider":{"type":"Secret","name":"ca"}}}""",
        ["spec.provider.caProvider"]);

    [Theory]
    [InlineData("""{"servicePrincipal":{"secretRef":{"clientId":SECRET,"clientSecret":SECRET}}}""")]
    [InlineData("""{"servicePrincipal":{"secretRef":{"clientId":THEIRS,"clientSecret":THEIRS}}}""", "servicePrincipal.secretRef.clientId.namespace", "servicePrincipal.secretRef.clientSecret.namespace")]
    [InlineData("""{"servicePrincipal":{"secretRef":{"clientId":SECRET,"clientSecret":SECRET}},"managedIdentity":{},"workloadIdentity":{"serviceAccountRef":STRANGER}}""", "managedIdentity", "workloadIdentity")]
    [InlineData("""{"managedIdentity":{},"workloadIdentity":{"serviceAccountRef":STRANGER}}""", "workloadIdentity")]
    [InlineData("""{"workloadIdentity":{"serviceAccountRef":STRANGER}}""", "workloadIdentity.serviceAccountRef.namespace")]
    public void Azure_is_logged_in_to_in_one_way_and_by_what_is_here(string auth, params string[] unused) =>
        Check("ACRAccessToken", $$"""{"registry":"example.azurecr.io","tenantId":"t","auth":{{auth}}}""", [.. unused.Select(field => "spec.auth." + field)]);

    [Theory]
    [InlineData("ECRAuthorizationToken", """{"region":"eu-west-1","auth":{"secretRef":KEYS}}""")]
    [InlineData("ECRAuthorizationToken", """{"region":"eu-west-1","scope":"public","auth":{"secretRef":KEYS}}""", "spec.region")]
    [InlineData("ECRAuthorizationToken", """{"region":"us-east-1","scope":"public","auth":{"secretRef":KEYS}}""")]
    [InlineData("ECRAuthorizationToken", """{"region":"eu-west-1","scope":"public","role":"arn","auth":{"secretRef":KEYS}}""")]
    [InlineData("ECRAuthorizationToken", """{"region":"eu-west-1","scope":"public"}""")]
    [InlineData("ECRAuthorizationToken", """{"region":"eu-west-1","scope":"public","auth":{"jwt":{"serviceAccountRef":ACCOUNT},"secretRef":KEYS}}""", "spec.auth.secretRef")]
    [InlineData("STSSessionToken", """{"region":"eu-west-1","auth":{"jwt":{"serviceAccountRef":ACCOUNT},"secretRef":KEYS}}""", "spec.auth.secretRef")]
    [InlineData("STSSessionToken", """{"region":"eu-west-1","auth":{"jwt":{},"secretRef":KEYS}}""", "spec.auth.jwt")]
    [InlineData("STSSessionToken", """{"region":"eu-west-1"}""")]
    public void Aws_is_logged_in_to_in_one_way_and_public_registries_are_in_one_region(string kind, string spec, params string[] unused) => Check(kind, spec, unused);

    [Theory]
    [InlineData("""{"secretRef":{"secretAccessKeySecretRef":SECRET}}""", "spec.projectID")]
    [InlineData("{}", "spec.projectID")]
    [InlineData("""{"workloadIdentity":{"clusterLocation":"l","clusterName":"c","serviceAccountRef":ACCOUNT}}""")]
    [InlineData("""{"workloadIdentity":{"clusterLocation":"l","clusterName":"c","clusterProjectID":"p","serviceAccountRef":ACCOUNT}}""", "spec.projectID")]
    [InlineData("""{"secretRef":{"secretAccessKeySecretRef":SECRET},"workloadIdentity":{"clusterLocation":"l","clusterName":"c","serviceAccountRef":ACCOUNT},"workloadIdentityFederation":{"audience":"a","serviceAccountRef":ACCOUNT}}""", "spec.projectID", "spec.auth.workloadIdentity", "spec.auth.workloadIdentityFederation")]
    [InlineData("""{"workloadIdentity":{"clusterLocation":"l","clusterName":"c","serviceAccountRef":ACCOUNT},"workloadIdentityFederation":{"audience":"a","serviceAccountRef":ACCOUNT}}""", "spec.auth.workloadIdentityFederation")]
    [InlineData("""{"workloadIdentityFederation":{"audience":"a","externalTokenEndpoint":"https://token.example","gcpServiceAccountEmail":"e","serviceAccountRef":ACCOUNT}}""", "spec.projectID", "spec.auth.workloadIdentityFederation.externalTokenEndpoint")]
    [InlineData("""{"workloadIdentityFederation":{"externalTokenEndpoint":"https://token.example","gcpServiceAccountEmail":"e","credConfig":{"name":"c","key":"k","namespace":"team-b"}}}""", "spec.projectID", "spec.auth.workloadIdentityFederation.gcpServiceAccountEmail", "spec.auth.workloadIdentityFederation.credConfig.namespace")]
    [InlineData("""{"workloadIdentityFederation":{"audience":"a","awsSecurityCredentials":{"region":"eu-west-1","awsCredentialsSecretRef":{"name":"s","namespace":"team-b"}}}}""", "spec.projectID", "spec.auth.workloadIdentityFederation.awsSecurityCredentials.awsCredentialsSecretRef.namespace")]
    public void Google_is_logged_in_to_in_one_way_and_the_project_is_that_of_a_cluster(string auth, params string[] unused) =>
        Check("GCRAccessToken", $$"""{"projectID":"my-project","auth":{{auth}}}""", unused);

    [Theory]
    [InlineData("STSSessionToken", """{"region":"eu-west-1","auth":{"jwt":{"serviceAccountRef":STRANGER}}}""", "spec.auth.jwt.serviceAccountRef")]
    [InlineData("ECRAuthorizationToken", """{"region":"eu-west-1","auth":{"jwt":{"serviceAccountRef":STRANGER}}}""", "spec.auth.jwt.serviceAccountRef")]
    [InlineData("VaultDynamicSecret", """{"path":"p","provider":{"server":"https://vault.example","auth":{"tokenSecretRef":THEIRS}}}""", "spec.provider.auth.tokenSecretRef")]
    [InlineData("Webhook", """{"url":"https://hook.example","result":{},"auth":{"ntlm":{"usernameSecret":THEIRS,"passwordSecret":SECRET}}}""", "spec.auth.ntlm.usernameSecret")]
    [InlineData("BeyondtrustWorkloadCredentialsDynamicSecret", """{"provider":{"folderPath":"a/b","server":{"apiUrl":"https://api.example","siteId":"11111111-2222-4333-8444-555555555555"},"auth":{"apikey":{"token":THEIRS}}}}""", "spec.provider.auth.apikey.token")]
    public void A_generator_that_refuses_another_namespace_says_what_it_is(string kind, string spec, string selector)
    {
        var (generator, request) = Of(kind, spec);
        Assert.Equal([$"{selector}.namespace is \"team-b\", but {kind} reads the namespace of whoever uses it only: namespace should either be empty or match that one"], generator.Check(request));
    }

    private static string Vault(string provider, string own = "")
    {
        var (last, also) = (provider.Length == 0 ? "" : "," + provider, own.Length == 0 ? "" : "," + own);
        return $$$"""{"path":"p","provider":{"server":"https://vault.example"{{{last}}} }{{{also}}} }""";
    }

    private static void Check(string kind, string spec, string[] unused)
    {
        var (generator, request) = Of(kind, spec);
        Assert.Empty(generator.Check(request));
        Assert.Equal(unused, generator.Unused(request));
    }

    private static (IGenerator Generator, GeneratorRequest Request) Of(string kind, string spec) => (
        Catalog.Generators().Find(kind)!,
        new("team-a", JsonElement.Parse(Words.Aggregate(spec, (text, pair) => text.Replace(pair.Word, pair.Json, StringComparison.Ordinal))), new MemoryCluster("team-a"), new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), new FakeTimeProvider(), new SequenceRandom(seed: 1)));
}
