using System.Globalization;
using System.Text;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Mfa;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class MfaGeneratorTests
{
    private const string Digits = "1234567890123456789012345678901234567890123456789012345678901234";
    private const string Seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private readonly GeneratorSetUp codes = new(new MfaGenerator());

    public MfaGeneratorTests() => codes.Cluster.Put("team-a", "otp", "seed", Seed);

    /// <summary>The table at the end of RFC 6238, whose seeds are as long as the hashes.</summary>
    [Theory]
    [InlineData("sha1", 20, 59, "94287082")]
    [InlineData("sha1", 20, 1111111109, "07081804")]
    [InlineData("sha1", 20, 1111111111, "14050471")]
    [InlineData("sha1", 20, 1234567890, "89005924")]
    [InlineData("sha1", 20, 2000000000, "69279037")]
    [InlineData("sha1", 20, 20000000000, "65353130")]
    [InlineData("sha256", 32, 59, "46119246")]
    [InlineData("sha256", 32, 1111111109, "68084774")]
    [InlineData("sha256", 32, 1111111111, "67062674")]
    [InlineData("sha256", 32, 1234567890, "91819424")]
    [InlineData("SHA256", 32, 2000000000, "90698825")]
    [InlineData("sha256", 32, 20000000000, "77737706")]
    // Not in the RFC's table; computed by another library.
    [InlineData("sha384", 48, 59, "12260385")]
    [InlineData("sha512", 64, 59, "90693936")]
    [InlineData("sha512", 64, 1111111109, "25091201")]
    [InlineData("sha512", 64, 1111111111, "99943326")]
    [InlineData("sha512", 64, 1234567890, "93441116")]
    [InlineData("sha512", 64, 2000000000, "38618901")]
    [InlineData("sha512", 64, 20000000000, "47863826")]
    public async Task The_vectors_of_the_RFC_hold_for_the_algorithm_that_the_spec_names(string algorithm, int seedBytes, long unixSeconds, string code)
    {
        codes.Cluster.Put("team-a", "otp", "seed", Encoding.ASCII.GetString(Base32.Encode(Encoding.ASCII.GetBytes(Digits[..seedBytes]))));
        var when = DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        var values = await codes.TextsAsync($$"""{"secret":{"name":"otp","key":"seed"},"length":8,"algorithm":"{{algorithm}}","when":"{{when}}"}""");

        Assert.Equal(code, values["token"]);
        Assert.Equal((30 - (unixSeconds % 30)).ToString(CultureInfo.InvariantCulture), values["timeLeft"]);
    }

    [Fact]
    public async Task A_spec_that_names_only_the_secret_gives_six_digits_of_SHA_1_for_now_and_thirty_seconds()
    {
        codes.Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(1234567890 + 7 + (365 * 86400L * 20)));
        var now = await codes.TextsAsync("""{"secret":{"name":"otp","key":"seed"}}""");
        var then = await codes.TextsAsync("""{"secret":{"name":"otp","key":"seed"},"when":"2009-02-13T23:31:30Z"}""");

        Assert.Equal("005924", then["token"]);
        Assert.Equal("30", then["timeLeft"]);
        Assert.Equal("23", now["timeLeft"]);
        Assert.NotEqual(then["token"], now["token"]);
    }

    [Fact]
    public async Task The_period_of_the_spec_decides_how_long_a_code_holds()
    {
        const string Spec = """{"secret":{"name":"otp","key":"seed"},"timePeriod":60}""";
        var first = await codes.TextsAsync(Spec);
        codes.Time.Advance(TimeSpan.FromSeconds(59));
        var last = await codes.TextsAsync(Spec);
        codes.Time.Advance(TimeSpan.FromSeconds(1));
        var next = await codes.TextsAsync(Spec);

        Assert.Equal(("60", "1", "60"), (first["timeLeft"], last["timeLeft"], next["timeLeft"]));
        Assert.Equal(first["token"], last["token"]);
        Assert.NotEqual(first["token"], next["token"]);
    }

    [Theory]
    [InlineData("2009-02-13T23:31:30.5Z")]
    [InlineData("2009-02-14T00:31:30+01:00")]
    public async Task A_time_may_have_fractions_and_a_zone(string when)
        => Assert.Equal("005924", (await codes.TextsAsync($$"""{"secret":{"name":"otp","key":"seed"},"when":"{{when}}"}"""))["token"]);

    [Fact]
    public async Task A_seed_may_be_in_lower_case_in_groups_and_end_with_a_line_break()
    {
        codes.Cluster.Put("team-a", "otp", "seed", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n");

        Assert.Equal("005924", (await codes.TextsAsync("""{"secret":{"name":"otp","key":"seed"},"when":"2009-02-13T23:31:30Z"}"""))["token"]);
    }

    [Fact]
    public async Task The_seed_is_read_in_the_namespace_of_its_user_whatever_the_selector_says()
    {
        codes.Cluster.Put("team-b", "otp", "seed", "MZXW6YTB");

        Assert.Equal("005924", (await codes.TextsAsync("""{"secret":{"name":"otp","key":"seed","namespace":"team-b"},"when":"2009-02-13T23:31:30Z"}"""))["token"]);
    }

    [Fact]
    public async Task What_is_generated_asks_for_no_refresh_before_the_interval()
    {
        using var generated = await codes.GenerateAsync("""{"secret":{"name":"otp","key":"seed"}}""");

        Assert.Null(generated.ExpiresAt);
    }

    [Theory]
    [InlineData("not base32: 0189")]
    [InlineData("")]
    [InlineData("A")]
    public async Task A_seed_that_is_no_base32_is_told_and_not_repeated(string seed)
    {
        codes.Cluster.Put("team-a", "otp", "seed", seed);

        var refusal = await Assert.ThrowsAsync<ProviderException>(() => codes.GenerateAsync("""{"secret":{"name":"otp","key":"seed"}}"""));

        Assert.Equal("key seed of Secret otp holds no base32 text", refusal.Message);
        Assert.Equal(ProviderFailureKind.Invalid, refusal.Kind);
    }

    [Theory]
    [InlineData("""{"secret":{"key":"seed"}}""", "spec.secret.name is required")]
    [InlineData("""{"secret":{"name":"otp"}}""", "spec.secret.key is required")]
    [InlineData("""{"secret":{"name":"otp","key":"seed"},"algorithm":"md5"}""", "spec.algorithm must be one of sha1, sha256, sha384 and sha512")]
    [InlineData("""{"secret":{"name":"otp","key":"seed"},"length":11}""", "spec.length must be at most 10")]
    [InlineData("""{"secret":{"name":"otp","key":"seed"},"when":"noon"}""", "spec.when must be a time as in 2026-01-31T12:00:00Z")]
    [InlineData("""{"secret":{"name":"otp","key":"seed"},"when":"1969-12-31T23:59:59Z"}""", "spec.when must not be before 1970")]
    public async Task A_spec_that_means_nothing_is_refused(string spec, string problem) => Assert.Equal(problem, await codes.RefusalAsync(spec));

    [Fact]
    public async Task A_spec_without_a_secret_is_refused() => Assert.Contains("secret", await codes.RefusalAsync("{}"), StringComparison.Ordinal);
}
