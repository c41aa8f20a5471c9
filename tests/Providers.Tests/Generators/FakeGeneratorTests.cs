using GitOpsSecrets.Providers.Generators.Fake;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class FakeGeneratorTests
{
    private readonly GeneratorSetUp fakes = new(new FakeGenerator());

    [Fact]
    public async Task It_gives_what_stands_in_its_spec()
        => Assert.Equal(new() { ["empty"] = "", ["user"] = "ädmin" }, await fakes.TextsAsync("""{"controller":"x","data":{"user":"ädmin","empty":""}}"""));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Without_data_it_gives_nothing(string spec) => Assert.Empty(await fakes.TextsAsync(spec));

    [Fact]
    public async Task A_value_that_is_not_text_is_refused_and_not_repeated_in_the_refusal()
    {
        var refusal = await fakes.RefusalAsync("""{"data":{"port":54321}}""");

        Assert.Contains("port", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("54321", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_without_a_key_is_refused() => Assert.Equal("spec.data: keys must not be empty", await fakes.RefusalAsync("""{"data":{"":"x"}}"""));
}
