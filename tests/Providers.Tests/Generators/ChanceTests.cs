using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class ChanceTests
{
    [Fact]
    public void A_draw_that_would_prefer_small_numbers_is_drawn_again()
    {
        // The last multiple of ten below 2^32 is 4294967290 = FFFFFFFA.
        using var random = new SequenceRandom(1, 0xFF, 0xFF, 0xFF, 0xFA, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xF9);

        Assert.Equal(9, Chance.Below(random, 10));
    }

    [Fact]
    public void Where_the_limit_divides_evenly_no_draw_is_wasted()
    {
        using var random = new SequenceRandom(1, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 5);

        Assert.Equal(15, Chance.Below(random, 16));
        Assert.Equal(5, Chance.Below(random, 16));
    }

    [Fact]
    public void Every_number_below_the_limit_comes_and_about_as_often()
    {
        using var random = new SequenceRandom(7);
        var counts = new int[7];
        for (var draw = 0; draw < 7000; draw++) counts[Chance.Below(random, counts.Length)]++;

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
