using GitOpsSecrets.Providers.Generators.Uuid;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class UuidGeneratorTests
{
    [Theory]
    [InlineData(0x00, "00000000-0000-4000-8000-000000000000")]
    [InlineData(0xFF, "ffffffff-ffff-4fff-bfff-ffffffffffff")]
    [InlineData(0x12, "12121212-1212-4212-9212-121212121212")]
    public async Task It_is_of_version_4_and_all_other_bits_are_chance(byte chance, string uuid)
    {
        var uuids = new GeneratorSetUp(new UuidGenerator()) { Random = new(1, [.. Enumerable.Repeat(chance, 16)]) };

        Assert.Equal(uuid, Assert.Single(await uuids.TextsAsync("{}"), value => value.Key == "uuid").Value);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task It_needs_no_spec_and_no_two_are_the_same(string spec)
    {
        var uuids = new GeneratorSetUp(new UuidGenerator());

        Assert.Empty(uuids.Check(spec));
        Assert.NotEqual(await uuids.TextsAsync(spec), await uuids.TextsAsync(spec));
    }
}
