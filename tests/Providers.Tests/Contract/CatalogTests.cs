using GitOpsSecrets.Providers.Tests.Declared;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class CatalogTests
{
    public static TheoryData<string> Names() => [.. Catalog.Providers().All.Select(provider => provider.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_provider_of_the_catalog_keeps_the_contract(string name)
    {
        // Where a store can keep only a part of it, the recording says why.
        var isPart = Recordings.Names.Contains(name) && Recordings.Read(name)["notContract"] is not null;
        var contract = isPart ? typeof(ProviderTroubleContractTests) : typeof(ProviderContractTests);
        var kept = contract.Assembly.GetTypes().Where(type => type.IsSubclassOf(contract)).Select(type => type.Name);
        Assert.Contains(kept, type => type.Equals(name + "ContractTests", StringComparison.OrdinalIgnoreCase) || (isPart && type.Equals(name + "TroubleTests", StringComparison.OrdinalIgnoreCase)));
    }

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
