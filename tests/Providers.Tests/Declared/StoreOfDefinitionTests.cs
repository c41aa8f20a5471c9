using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>What is told of stores of definitions before anybody is asked.</summary>
public sealed class StoreOfDefinitionTests
{
    [Theory]
    [InlineData("doppler", """{"auth":{}}""", "spec.provider.doppler has no way to log in: one is needed of auth.secretRef.dopplerToken, auth.oidcConfig.identity with auth.oidcConfig.serviceAccountRef")]
    [InlineData("doppler", """{"format":"xml","auth":{"secretRef":{"dopplerToken":{"name":"a","key":"b"}}}}""", "spec.provider.doppler.format must be one of json, dotnet-json, env, yaml, docker")]
    [InlineData("gitlab", """{"url":"ftp://x","projectID":"1","auth":{"SecretRef":{"accessToken":{"name":"a","key":"b"}}}}""", "spec.provider.gitlab.url is not an http or https address")]
    [InlineData("gitlab", """{"auth":{"SecretRef":{"accessToken":{"name":"a","key":"b","namespace":"other"}}}}""", "spec.provider.gitlab.auth.SecretRef.accessToken.namespace is \"other\", but a SecretStore reads its own namespace only")]
    [InlineData("onepassword", """{"connectHost":"https://x","vaults":{"a":"b"},"auth":{"secretRef":{"connectTokenSecretRef":{"name":"a","key":"b"}}}}""", "spec.provider.onepassword.vaults must be an object of numbers")]
    [InlineData("akeyless", """{"akeylessGWApiURL":"https://x","authSecretRef":{"serviceAccountRef":{"name":"a"},"kubernetesAuth":{"accessID":"p","k8sConfName":"c"}}}""", "spec.provider.akeyless.authSecretRef.serviceAccountRef is not supported yet: ")]
    [InlineData("ovh", """{"server":"https://x","okmsid":"i","okmsTimeout":0,"auth":{"token":{"tokenSecretRef":{"name":"a","key":"b"}}}}""", "spec.provider.ovh.okmsTimeout must be a number of seconds from 1 to 600")]
    [InlineData("ovh", """{"server":"https://x","okmsid":"i","auth":{"mtls":{"caProvider":"x","certSecretRef":{"name":"a","key":"b"},"keySecretRef":{"name":"a","key":"c"}}}}""", "spec.provider.ovh.auth.mtls.caProvider")]
    [InlineData("scaleway", """{"region":"fr-par","projectId":"p","accessKey":{"value":"a"}}""", "spec.provider.scaleway.secretKey is required")]
    public void A_mistake_in_a_store_is_told_by_its_field(string name, string options, string problem)
    {
        var store = new StoreDescription("SecretStore", "store", "team-a", JsonElement.Parse(options));
        Assert.StartsWith(problem, Assert.Single(new DeclaredProvider(RecordedStore.DefinitionOf(name)).Check(store)), StringComparison.Ordinal);
    }

    /// <summary>What the original takes without a word: keys of references that have a default, fields that ask for nothing here.</summary>
    [Theory]
    [InlineData("doppler", """{"auth":{"secretRef":{"dopplerToken":{"name":"a"}}}}""")]
    [InlineData("conjur", """{"url":"https://x","auth":{"jwt":{"account":"a","serviceID":"s","secretRef":{"name":"a"}}}}""")]
    [InlineData("akeyless", """{"authSecretRef":{"kubernetesAuth":{"accessID":"p","k8sConfName":"c","secretRef":{"name":"a"}}}}""")]
    [InlineData("gitlab", """{"projectID":"1","inheritFromGroups":true,"auth":{"SecretRef":{"accessToken":{"name":"a","key":"b"}}}}""")]
    [InlineData("dvls", """{"serverUrl":"https://x","insecure":true,"auth":{"secretRef":{"appId":{"name":"a","key":"b"},"appSecret":{"name":"a","key":"c"}}}}""")]
    [InlineData("ovh", """{"server":"https://x","okmsid":"i","auth":{"mtls":{"caBundle":"YQ==","certSecretRef":{"name":"a","key":"b"},"keySecretRef":{"name":"a","key":"c"}}}}""")]
    public void A_store_that_the_original_takes_is_taken(string name, string options)
    {
        var store = new StoreDescription("SecretStore", "store", "team-a", JsonElement.Parse(options));
        Assert.Empty(new DeclaredProvider(RecordedStore.DefinitionOf(name)).Check(store));
    }

    [Theory]
    [InlineData("""{"okmsTimeout":90}""", 90)]
    [InlineData("{}", null)]
    public void A_store_may_say_how_long_a_call_may_take(string options, int? seconds) =>
        Assert.Equal(seconds, InputRules.TimeoutOf(RecordedStore.DefinitionOf("ovh"), JsonElement.Parse(options))?.TotalSeconds);

    [Fact]
    public void A_definition_that_nobody_gave_is_told_with_those_that_there_are()
    {
        using var guide = new OwnGuide();
        var store = new StoreDescription("SecretStore", "store", "team-a", JsonElement.Parse("""{"definition":"other"}"""));
        Assert.Equal(["spec.provider.declared.definition \"other\" is none of those that were given: there is acme"], new DeclaredStores(guide.Definitions).Check(store));
        Assert.Equal(
            ["spec.provider.declared.definition \"other\" is none of those that were given: there are none; --provider-definitions names their folder"],
            new DeclaredStores(OwnDefinitions.None).Check(store));
    }

    [Fact]
    public void The_fields_of_an_operators_definition_are_told_below_options()
    {
        using var guide = new OwnGuide();
        var store = new StoreDescription("SecretStore", "store", "team-a", JsonElement.Parse("""{"definition":"acme"}"""));
        var stores = new DeclaredStores(guide.Definitions);
        Assert.Contains("spec.provider.declared.options.address is required", stores.Check(store));
        Assert.Equal(StoreCapability.ReadWrite, stores.CapabilityOf(store));
    }

    // A field that narrows what is read, misspelt, would read what it should not.
    [Theory]
    [InlineData("""{"teem":"shop"}""", "teem")]
    [InlineData("""{"auth":{"key":{"name":"a","key":"b","namespase":"x"}}}""", "auth.key.namespase")]
    [InlineData("""{"auth":{"token":"x"}}""", "auth.token")]
    [InlineData("""{"caProvider":{"type":"Secret","name":"a","key":"b","Namespace":"x"}}""", "caProvider.Namespace")]
    public void A_field_that_an_operators_definition_does_not_know_is_told(string options, string field)
    {
        using var guide = new OwnGuide();
        var given = JsonNode.Parse(options)!.AsObject();
        given["address"] = "https://vault.acme.example";
        given["auth"] ??= new JsonObject();
        given["auth"]!["key"] ??= JsonNode.Parse("""{"name":"a","key":"b"}""");
        var store = new StoreDescription("SecretStore", "store", "team-a", JsonSerializer.SerializeToElement(new JsonObject { ["definition"] = "acme", ["options"] = given }));
        Assert.Equal([$"spec.provider.declared.options.{field} is none of the fields of the definition acme: address, auth.key, caBundle, caProvider, team"], new DeclaredStores(guide.Definitions).Check(store));
    }

    /// <summary>Each store of the original is there, or says why it is not.</summary>
    [Fact]
    public void Every_store_of_the_original_is_there_or_says_why_not()
    {
        var mine = Catalog.Providers().All.Select(provider => provider.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in NotYetThere.All.Keys)
        {
            Assert.Contains(typeof(StoreProviders).GetProperties(), property => JsonNamingPolicy.CamelCase.ConvertName(property.Name) == name);
            Assert.DoesNotContain(name, mine);
            Assert.StartsWith($"spec.provider.{name} is not supported yet: ", ProviderCatalog.WhyNot(name), StringComparison.Ordinal);
        }

        Assert.Equal("spec.provider.nobody is no provider that this controller knows", ProviderCatalog.WhyNot("nobody"));
    }
}
