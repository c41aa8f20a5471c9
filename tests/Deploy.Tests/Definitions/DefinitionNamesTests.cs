using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>Names, versions, scopes and columns, as scripts and people know them from the original.</summary>
public sealed class DefinitionNamesTests
{
    [Theory]
    [InlineData("ExternalSecret", "externalsecrets", "Namespaced", "es", "v1,v1beta1", "StoreType,Store,Refresh Interval,Status,Ready,Last Sync")]
    [InlineData("SecretStore", "secretstores", "Namespaced", "ss", "v1,v1beta1", "AGE,Status,Capabilities,Ready")]
    [InlineData("ClusterSecretStore", "clustersecretstores", "Cluster", "css", "v1,v1beta1", "AGE,Status,Capabilities,Ready")]
    [InlineData("ClusterExternalSecret", "clusterexternalsecrets", "Cluster", "ces", "v1,v1beta1", "Store,Refresh Interval,Ready")]
    [InlineData("PushSecret", "pushsecrets", "Namespaced", "ps", "v1alpha1", "AGE,Status,Last Sync")]
    [InlineData("ClusterPushSecret", "clusterpushsecrets", "Cluster", "", "v1alpha1", "AGE,Status")]
    [InlineData("GeneratorState", "generatorstates", "Namespaced", "gs", "v1alpha1", "GC Deadline,Age")]
    [InlineData("ClusterGenerator", "clustergenerators", "Cluster", "", "v1alpha1", "")]
    [InlineData("ECRAuthorizationToken", "ecrauthorizationtokens", "Namespaced", "", "v1alpha1", "")]
    [InlineData("Password", "passwords", "Namespaced", "", "v1alpha1", "")]
    [InlineData("UUID", "uuids", "Namespaced", "", "v1alpha1", "")]
    [InlineData("Fake", "fakes", "Namespaced", "", "v1alpha1", "")]
    public void A_kind_is_called_as_it_is_in_the_original(string kind, string plural, string scope, string shortNames, string versions, string columns)
    {
        var spec = Definition(kind)["spec"]!;
        Assert.Equal((plural, scope), ((string?)spec["names"]!["plural"], (string?)spec["scope"]));
        Assert.Equal(shortNames, Join(spec["names"]!["shortNames"]));
        Assert.Equal(versions, Join(spec["versions"], version => version["name"]));
        Assert.All(spec["versions"]!.AsArray(), version => Assert.Equal(columns, Join(version!["additionalPrinterColumns"], column => column["name"])));
    }

    [Fact]
    public void Every_version_is_served_and_the_first_is_stored() => Assert.All(GitOpsSecrets.Crds.Definitions.All(), definition =>
    {
        var versions = definition["spec"]!["versions"]!.AsArray();
        Assert.All(versions, version => Assert.True((bool)version!["served"]!));
        Assert.Equal([true, .. Enumerable.Repeat(false, versions.Count - 1)], versions.Select(version => (bool)version!["storage"]!));
        Assert.All(versions, version => Assert.Equal((string?)version!["name"] == "v1beta1", (bool?)version["deprecated"] ?? false));
    });

    [Fact]
    public void Every_kind_has_the_label_and_the_categories() => Assert.All(GitOpsSecrets.Crds.Definitions.All(), definition =>
    {
        Assert.Equal("controller", (string?)definition["metadata"]!["labels"]!["external-secrets.io/component"]);
        var generates = (string?)definition["spec"]!["group"] == "generators.external-secrets.io";
        Assert.Equal(generates ? "external-secrets,external-secrets-generators" : "external-secrets", Join(definition["spec"]!["names"]!["categories"]));
    });

    [Fact]
    public void Only_a_GeneratorState_has_its_status_in_the_object_itself() => Assert.All(GitOpsSecrets.Crds.Definitions.All(), definition =>
        Assert.All(definition["spec"]!["versions"]!.AsArray(), version =>
            Assert.Equal((string?)definition["spec"]!["names"]!["kind"] != "GeneratorState", version!["subresources"]?["status"] is not null)));

    [Fact]
    public void ExternalSecrets_can_be_listed_by_store_target_and_interval() =>
        Assert.Equal(".spec.secretStoreRef.name,.spec.secretStoreRef.kind,.spec.target.name,.spec.refreshInterval",
            Join(Definition("ExternalSecret")["spec"]!["versions"]![0]!["selectableFields"], field => field["jsonPath"]));

    [Theory]
    [InlineData("PushSecret", "dataTo", "storeRef must specify either name or labelSelector")]
    [InlineData("PushSecret", "dataTo", "remoteKey and rewrite are mutually exclusive: rewrite is only supported in per-key mode (without remoteKey)")]
    [InlineData("SecretStore", "provider.crd", "one of auth or authRef is required")]
    [InlineData("SecretStore", "provider.secretserver.password", "exactly one of value or secretRef must be set")]
    [InlineData("SecretStore", "provider.aws.customSessionTags", "customSessionTags cannot contain automatically injected reserved keys: esoNamespace, esoStoreName, esoStoreKind")]
    [InlineData("GitlabDeployToken", "", "exactly one of projectID or groupID must be set")]
    public void A_rule_of_the_original_says_what_it_says_there(string kind, string path, string message)
    {
        var schema = Definition(kind)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries)) schema = schema["properties"]![name]!;
        if (schema["items"] is { } items) schema = items;
        Assert.Contains(schema["x-kubernetes-validations"]!.AsArray(), rule => (string?)rule!["message"] == message);
    }

    private static JsonObject Definition(string kind) =>
        Assert.Single(GitOpsSecrets.Crds.Definitions.All(), definition => (string?)definition["spec"]!["names"]!["kind"] == kind);

    private static string Join(JsonNode? list, Func<JsonNode, JsonNode?>? part = null) =>
        string.Join(',', (list as JsonArray ?? []).Select(item => (string?)(part is null ? item : part(item!))));
}
