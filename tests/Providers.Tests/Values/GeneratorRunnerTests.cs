using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Values;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Values;

public sealed class GeneratorRunnerTests
{
    [Theory]
    [InlineData("spec", "spec.known, spec.seen")]
    [InlineData("spec.generator.fakeSpec", "spec.generator.fakeSpec.known, spec.generator.fakeSpec.seen")]
    public async Task What_had_no_effect_is_what_the_spec_shows_and_what_the_making_does(string root, string unused)
    {
        var runner = new GeneratorRunner(new Reader(root), new GeneratorCatalog([new Overlooking()]), new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), new FakeTimeProvider());
        var run = await runner.GenerateAsync(new GeneratorRef { ApiVersion = ExternalSecretNames.GeneratorGroupVersion, Kind = "Fake", Name = "gen" }, "team-a", TestContext.Current.CancellationToken);
        Assert.Equal(unused, string.Join(", ", run.Unused));
    }

    private sealed class Reader(string root) : IGeneratorReader
    {
        public Task<NamedGenerator> ReadAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken) =>
            Task.FromResult(new NamedGenerator("Fake", JsonElement.Parse("{}"), JsonElement.Parse("{}")) { Root = root });

        public IStoreCluster ClusterOf(string @namespace) => new MemoryCluster(@namespace);
    }

    private sealed class Overlooking : IGenerator
    {
        public string Kind => "Fake";

        public IReadOnlyList<string> Check(GeneratorRequest request) => [];

        public IEnumerable<string> Unused(GeneratorRequest request) => ["spec.known"];

        public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken) => Task.FromResult(new Generated(new SecretValues()) { Unused = ["spec.seen"] });
    }
}
