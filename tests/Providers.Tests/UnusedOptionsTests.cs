using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests;

/// <summary>Fields of a store that have no effect beside its others: of several ways to log in one is gone, and the others are told.</summary>
public sealed class UnusedOptionsTests
{
    private static readonly Dictionary<string, string> Short = new()
    {
        ["PAIR"] = """{"accessKeyIDSecretRef":KEY,"secretAccessKeySecretRef":KEY}""",
        ["KEY"] = """{"name":"s","key":"k"}""",
        ["AUTHORITY"] = """{"type":"Secret","name":"ca","key":"k"}""",
        ["ACCOUNT"] = """{"name":"a"}""",
    };

    [Theory]
    [InlineData("""{"caBundle":"Y2E="}""", "")]
    [InlineData("""{"caProvider":AUTHORITY}""", "")]
    [InlineData("""{"caBundle":"Y2E=","caProvider":AUTHORITY}""", "caProvider")]
    [InlineData("""{"forwardInconsistent":true}""", "forwardInconsistent")]
    [InlineData("""{"forwardInconsistent":true,"readYourWrites":true}""", "")]
    [InlineData("""{"auth":{"namespace":"a","appRole":{"roleId":"r","secretRef":KEY}}}""", "")]
    [InlineData("""{"auth":{"namespace":"a","tokenSecretRef":KEY,"ldap":{"username":"u","secretRef":KEY},"kubernetes":{"role":"r"}}}""", "auth.namespace auth.kubernetes auth.ldap")]
    [InlineData("""{"auth":{"kubernetes":{"role":"r","secretRef":KEY,"serviceAccountRef":ACCOUNT},"userPass":{"username":"u","secretRef":KEY}}}""", "auth.userPass auth.kubernetes.secretRef")]
    [InlineData("""{"auth":{"appRole":{"roleId":"r","roleRef":KEY,"secretRef":KEY}}}""", "auth.appRole.roleId")]
    [InlineData("""{"auth":{"jwt":{"role":"r","secretRef":KEY,"kubernetesServiceAccountToken":{"serviceAccountRef":ACCOUNT}},"gcp":{"role":"r"}}}""", "auth.gcp auth.jwt.secretRef")]
    [InlineData("""{"auth":{"tokenSecretRef":KEY,"cert":{"clientCert":KEY,"secretRef":KEY}}}""", "")]
    [InlineData("""{"tls":{"certSecretRef":KEY,"keySecretRef":KEY},"auth":{"tokenSecretRef":KEY,"cert":{"clientCert":KEY,"secretRef":KEY}}}""", "auth.cert")]
    [InlineData("""{"tls":{"certSecretRef":KEY,"keySecretRef":KEY},"auth":{"cert":{"clientCert":KEY,"secretRef":KEY}}}""", "auth.cert.clientCert auth.cert.secretRef")]
    [InlineData("""{"auth":{"iam":{"vaultRole":"r","secretRef":PAIR,"jwt":{"serviceAccountRef":ACCOUNT}}}}""", "auth.iam.secretRef")]
    [InlineData("""{"auth":{"gcp":{"role":"r","secretRef":{"secretAccessKeySecretRef":KEY},"serviceAccountRef":ACCOUNT,"location":"l"}}}""", "auth.gcp.location auth.gcp.serviceAccountRef")]
    public void Of_a_Vault_store_what_has_no_effect_is_told(string options, string told) => Told("vault", options, told, """{"server":"https://vault.example.com"}""");

    [Theory]
    [InlineData("""{"auth":{"secretRef":PAIR}}""", "")]
    [InlineData("""{"auth":{"secretRef":PAIR,"jwt":{"serviceAccountRef":ACCOUNT}}}""", "auth.secretRef")]
    [InlineData("""{"externalID":"e","sessionTags":[{"key":"a","value":"b"}],"transitiveTagKeys":["a"]}""", "externalID sessionTags transitiveTagKeys")]
    [InlineData("""{"role":"r","externalID":"e","sessionTags":[{"key":"a","value":"b"}],"transitiveTagKeys":["a"]}""", "")]
    [InlineData("""{"role":"r","sessionTagsPolicy":"Simple","sessionTags":[{"key":"a","value":"b"}],"customSessionTags":{"a":"b"}}""", "sessionTags customSessionTags")]
    [InlineData("""{"service":"ParameterStore","secretsManager":{}}""", "secretsManager")]
    public void Of_an_AWS_store_what_has_no_effect_is_told(string options, string told) => Told("aws", options, told, """{"service":"SecretsManager","region":"eu-west-1"}""");

    [Theory]
    [InlineData("""{"tenantId":"t","authSecretRef":{"clientId":KEY,"clientSecret":KEY}}""", "")]
    [InlineData("""{"tenantId":"t","identityId":"i","serviceAccountRef":ACCOUNT,"authSecretRef":{"clientId":KEY,"tenantId":KEY,"clientSecret":KEY}}""", "tenantId serviceAccountRef identityId")]
    [InlineData("""{"authType":"ManagedIdentity","identityId":"i","tenantId":"t","serviceAccountRef":ACCOUNT,"authSecretRef":{"clientId":KEY}}""", "tenantId authSecretRef serviceAccountRef")]
    [InlineData("""{"authType":"WorkloadIdentity","identityId":"i","tenantId":"t"}""", "tenantId identityId")]
    [InlineData("""{"authType":"WorkloadIdentity","tenantId":"t","serviceAccountRef":ACCOUNT,"authSecretRef":{"clientId":KEY,"clientSecret":KEY}}""", "authSecretRef.clientSecret")]
    public void Of_an_Azure_store_what_has_no_effect_is_told(string options, string told) => Told("azurekv", options, told, """{"vaultUrl":"https://v.vault.azure.net"}""");

    [Theory]
    [InlineData("""{"projectID":"project-1","auth":{"secretRef":{"secretAccessKeySecretRef":KEY},"workloadIdentity":{"serviceAccountRef":ACCOUNT,"clusterProjectID":"p"}}}""", "auth.workloadIdentity")]
    [InlineData("""{"auth":{"secretRef":{"secretAccessKeySecretRef":KEY},"workloadIdentity":{"serviceAccountRef":ACCOUNT,"clusterProjectID":"project-1"}}}""", "")]
    public void Of_a_Google_store_what_has_no_effect_is_told(string options, string told) => Told("gcpsm", options, told);

    [Theory]
    [InlineData("kubernetes", """{"server":{"caBundle":"Y2E=","caProvider":AUTHORITY},"auth":{"serviceAccount":ACCOUNT}}""", "server.caProvider")]
    [InlineData("kubernetes", """{"server":{"url":"other"},"authRef":KEY}""", "server")]
    [InlineData("crd", """{"resource":{"group":"a.b","version":"v1","kind":"C"},"server":{"caBundle":"Y2E=","caProvider":AUTHORITY},"auth":{"serviceAccount":ACCOUNT}}""", "server.caProvider")]
    [InlineData("webhook", """{"url":"https://a.b","caBundle":"Y2E=","caProvider":AUTHORITY,"secrets":[{"name":"one","secretRef":{"name":"s"}},{"name":"two","secretRef":KEY}]}""", "caProvider secrets[1].secretRef.key")]
    [InlineData("passbolt", """{"host":"https://a.b","caBundle":"Y2E=","caProvider":AUTHORITY,"auth":{"passwordSecretRef":KEY,"privateKeySecretRef":KEY}}""", "caProvider")]
    [InlineData("openBao", """{"server":"https://a.b","caBundle":"Y2E=","caProvider":AUTHORITY,"auth":{"tokenSecretRef":KEY}}""", "caProvider")]
    [InlineData("fake", """{"data":[]}""", "")]
    public void Of_other_stores_what_has_no_effect_is_told(string provider, string options, string told) => Told(provider, options, told);

    [Theory]
    [InlineData("conjur", """{"url":"https://a.b","caBundle":"Y2E=","caProvider":AUTHORITY,"auth":{"apikey":{"account":"a","userRef":KEY,"apiKeyRef":KEY}}}""", "caProvider")]
    [InlineData("conjur", """{"url":"https://a.b","auth":{"apikey":{"account":"a","userRef":KEY,"apiKeyRef":KEY},"jwt":{"account":"a","serviceID":"s","secretRef":KEY}}}""", "auth.jwt")]
    [InlineData("conjur", """{"url":"https://a.b","auth":{"apikey":{"account":"a","userRef":KEY,"apiKeyRef":KEY},"cert":{"account":"a","serviceID":"s","clientCertRef":KEY,"clientKeyRef":KEY}}}""", "auth.cert.account auth.cert.serviceID")]
    [InlineData("conjur", """{"url":"https://a.b","auth":{"jwt":{"account":"a","serviceID":"s","hostId":"h","secretRef":KEY,"serviceAccountRef":ACCOUNT}}}""", "auth.jwt.secretRef")]
    [InlineData("akeyless", """{"authSecretRef":{"kubernetesAuth":{"accessID":"a","k8sConfName":"c"},"secretRef":{"accessID":KEY,"accessType":KEY,"accessTypeParam":KEY}}}""", "authSecretRef.secretRef")]
    [InlineData("akeyless", """{"authSecretRef":{"secretRef":{"accessID":KEY,"accessType":KEY,"accessTypeParam":KEY}}}""", "")]
    [InlineData("pulumi", """{"organization":"o","project":"p","environment":"e","accessToken":{"secretRef":KEY},"auth":{"accessToken":{"secretRef":KEY}}}""", "auth")]
    [InlineData("secretserver", """{"serverURL":"https://a.b","domain":"d","username":{"value":"u"},"password":{"secretRef":KEY},"token":{"value":"t","secretRef":KEY}}""", "domain username password token.secretRef")]
    [InlineData("secretserver", """{"serverURL":"https://a.b","domain":"d","username":{"value":"u"},"password":{"secretRef":KEY}}""", "")]
    [InlineData("oracle", """{"region":"r","vault":"v","principalType":"UserPrincipal","auth":{"tenancy":"t","user":"u","secretRef":{"privatekey":KEY,"fingerprint":KEY}},"serviceAccountRef":ACCOUNT}""", "serviceAccountRef")]
    [InlineData("oracle", """{"region":"r","vault":"v","principalType":"Workload","auth":{"tenancy":"t","user":"u","secretRef":{"privatekey":KEY,"fingerprint":KEY}},"serviceAccountRef":ACCOUNT}""", "auth")]
    [InlineData("infisical", """{"secretsScope":{"projectSlug":"p","environmentSlug":"e"},"auth":{"universalAuthCredentials":{"clientId":KEY,"clientSecret":KEY},"ldapAuthCredentials":{"identityId":KEY,"ldapUsername":KEY,"ldapPassword":KEY}}}""", "auth.ldapAuthCredentials")]
    [InlineData("beyondtrust", """{"server":{"apiUrl":"https://a.b","retrievalType":"SECRET"},"auth":{"apiKey":{"secretRef":KEY},"clientId":{"value":"i"},"clientSecret":{"secretRef":KEY},"certificate":{"secretRef":KEY},"certificateKey":{"secretRef":KEY}}}""", "auth.clientId auth.clientSecret")]
    public void Of_a_store_of_a_definition_what_has_no_effect_is_told(string provider, string options, string told) => Told(provider, options, told);

    private static void Told(string name, string options, string told, string beneath = "{}")
    {
        var provider = Catalog.Providers().Find(name)!;
        foreach (var (word, text) in Short) options = options.Replace(word, text, StringComparison.Ordinal);
        var all = JsonNode.Parse(beneath)!.AsObject();
        foreach (var (field, value) in JsonNode.Parse(options)!.AsObject()) all[field] = value?.DeepClone();
        var store = new StoreDescription("SecretStore", "store", "team-a", JsonElement.Parse(all.ToJsonString()));
        Assert.Empty(provider.Check(store));
        Assert.Equal(told, string.Join(' ', provider.Unused(store).Select(path => path.Replace($"spec.provider.{name}.", "", StringComparison.Ordinal))));
    }
}
