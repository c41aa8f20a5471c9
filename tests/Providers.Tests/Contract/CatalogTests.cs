using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Declared;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class CatalogTests
{
    public static TheoryData<string> Names() => [.. Catalog.Providers().All.Select(provider => provider.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_provider_of_the_catalog_keeps_the_contract(string name)
    {
        // Where a store can keep only a part of it, the recording says why, or the stand.
        var isPart = name == "crd" || (Recordings.Names.Contains(name) && Recordings.Read(name)["notContract"] is not null);
        var contract = isPart ? typeof(ProviderTroubleContractTests) : typeof(ProviderContractTests);
        var kept = contract.Assembly.GetTypes().Where(type => type.IsSubclassOf(contract)).Select(type => type.Name);
        Assert.Contains(kept, type => type.Equals(name + "ContractTests", StringComparison.OrdinalIgnoreCase) || (isPart && type.Equals(name + "TroubleTests", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Every_store_of_the_original_is_there_or_says_why_not()
    {
        string[] removedByTheOriginal = ["alibaba", "device42"];
        var named = typeof(StoreProviders).GetProperties()
            .Select(property => property.GetCustomAttributes(typeof(JsonPropertyNameAttribute), inherit: false).Cast<JsonPropertyNameAttribute>().SingleOrDefault()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToList();
        Assert.True(named.Count > 40);
        var known = Catalog.Providers().All.Select(provider => provider.Name).Concat(NotYetThere.All.Keys).Concat(removedByTheOriginal).ToList();
        Assert.Empty(named.Except(known, StringComparer.Ordinal));
        Assert.Empty(known.Except(named, StringComparer.Ordinal));
        Assert.DoesNotContain(NotYetThere.All.Keys, name => Catalog.Providers().Find(name) is not null);
    }

    [Fact]
    public void Every_generator_of_the_original_is_there() =>
        Assert.Equal(
            typeof(GeneratorSpecs).GetProperties().Select(property => property.Name[..^"Spec".Length].ToUpperInvariant()).Order(StringComparer.Ordinal),
            Catalog.Generators().All.Select(generator => generator.Kind.ToUpperInvariant()).Order(StringComparer.Ordinal));

    [Fact]
    public void A_name_that_nobody_has_is_nobody()
    {
        Assert.Null(Catalog.Providers().Find("nobody"));
        Assert.Null(Catalog.Generators().Find("Nobody"));
    }

    [Fact]
    public void A_generator_is_found_by_its_kind()
    {
        string[] kinds = ["ACRAccessToken", "BeyondtrustWorkloadCredentialsDynamicSecret", "CloudsmithAccessToken", "ECRAuthorizationToken", "Fake", "GCRAccessToken", "GithubAccessToken", "Grafana", "MFA", "Password", "QuayAccessToken", "SSHKey", "STSSessionToken", "UUID", "VaultDynamicSecret", "Webhook"];
        Assert.All(kinds, kind => Assert.Equal(kind, Catalog.Generators().Find(kind)!.Kind));
    }
}
