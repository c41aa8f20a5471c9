using System.Text.Json;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

public sealed class GithubProviderTests
{
    [Theory]
    [InlineData(null, "https://api.github.com")]
    [InlineData("https://github.com/", "https://api.github.com")]
    [InlineData("https://github.example/", "https://github.example/api/v3")]
    [InlineData("https://github.example/api/v3/", "https://github.example/api/v3")]
    [InlineData("https://api.acme.ghe.com", "https://api.acme.ghe.com")]
    [InlineData("nowhere", "nowhere")]
    public void The_address_of_the_API_comes_of_the_one_where_people_go(string? url, string api) => Assert.Equal(api, GithubProvider.ApiOf(url));

    [Theory]
    [InlineData("""{"environment":"prod"}""", "spec.provider.github.environment needs spec.provider.github.repository, whose environment it is")]
    [InlineData("""{"url":"nowhere"}""", "spec.provider.github.url is not an http or https address")]
    [InlineData("[]", "spec.provider.github must be an object")]
    public void A_mistake_is_told_with_its_field(string options, string problem) =>
        Assert.Contains(problem, new GithubProvider().Check(new StoreDescription("SecretStore", "store", "team-a", JsonElement.Parse(options))));
}
