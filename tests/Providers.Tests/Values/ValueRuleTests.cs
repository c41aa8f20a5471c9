using System.Text;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Providers.Tests.Values;

public sealed class ValueRuleTests
{
    private static RewriteLimits Unhurried => new(new ExecuteOptions());

    [Theory]
    [InlineData("a/b c", null, "a_b_c")]
    [InlineData("a/b", "Default", "a_b")]
    [InlineData("a/b", "Unicode", "a_U002f_b")]
    [InlineData("ok-._1", "Unicode", "ok-._1")]
    [InlineData("😀", "Unicode", "_U1f600_")]
    [InlineData("schön", null, "schön")]
    public void Keys_are_converted(string key, string? strategy, string expected) => Assert.Equal(expected, SecretKeys.ConvertKey(key, strategy));

    [Fact]
    public void Two_keys_that_become_one_are_an_error()
    {
        using var values = Of(("a/b", "1"), ("a b", "2"));
        Assert.Equal("secret name collision during conversion: a_b", Assert.Throws<ValuesException>(() => SecretKeys.Convert(values, null)).Message);
    }

    [Theory]
    [InlineData("a/b", "has invalid character /")]
    [InlineData("a\nb", "has invalid character \ufffd")]
    public void A_key_that_no_Secret_can_have_is_named(string key, string expected)
    {
        using var values = Of((key, "1"));
        var message = Assert.Throws<ValuesException>(() => SecretKeys.Check(values)).Message;
        Assert.StartsWith("invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_empty_key_is_dropped_and_one_too_long_is_an_error()
    {
        using var empty = Of(("", "x"), ("a", "1"));
        SecretKeys.Check(empty);
        Assert.Equal(["a"], empty.Keys);
        using var longest = Of((new string('a', 254), "1"));
        Assert.Throws<ValuesException>(() => SecretKeys.Check(longest));
    }

    [Theory]
    [InlineData("aGk=", "Base64", "hi")]
    [InlineData("_-8=", "Base64URL", null)]
    [InlineData("_-8=", "Auto", null)]
    [InlineData("/+8=", "Auto", null)]
    [InlineData("aGk", "Auto", "aGk")] // without its padding it is none
    [InlineData("_-8=x", "Auto", "_-8=x")]
    [InlineData("", "Auto", "")]
    [InlineData("aGk=", "Auto", "hi")]
    [InlineData("plain text", "Auto", "plain text")]
    [InlineData("aGk=", "None", "aGk=")]
    [InlineData("aGk=", null, "aGk=")]
    public void Values_are_decoded(string value, string? strategy, string? expected)
    {
        var decoded = ValueDecoding.Decode("k", Encoding.UTF8.GetBytes(value), strategy, null);
        Assert.Equal(expected is null ? [0xff, 0xef] : Encoding.UTF8.GetBytes(expected), decoded);
    }

    [Fact]
    public void A_value_of_another_encoding_is_told_without_the_value()
    {
        var message = Assert.Throws<ValuesException>(() => ValueDecoding.Decode("k", "s3cr3t!"u8.ToArray(), "Base64", null)).Message;
        Assert.DoesNotContain("s3cr3t", message, StringComparison.Ordinal);
        Assert.Contains("Base64", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_byte_is_an_error_only_when_asked_for_and_after_decoding()
    {
        Assert.Throws<ValuesException>(() => ValueDecoding.Decode("k", "AAA="u8.ToArray(), "Base64", "Fail"));
        Assert.Equal([0, 0], ValueDecoding.Decode("k", "AAA="u8.ToArray(), "Base64", "Ignore"));
        Assert.Equal("AAA="u8.ToArray(), ValueDecoding.Decode("k", "AAA="u8.ToArray(), null, "Fail"));
    }

    [Theory]
    [InlineData("foo-(.*)", "$1", "a,b")]
    [InlineData("foo-(?P<n>.*)", "${n}_x", "a_x,b_x")]
    [InlineData("none", "x", "foo-a,foo-b")]
    public void A_regexp_renames_keys(string source, string target, string keys)
    {
        using var values = Of(("foo-a", "1"), ("foo-b", "2"));
        using var renamed = KeyRewriting.Regexp(values, source, target, Unhurried);
        Assert.Equal(keys.Split(','), renamed.Keys);
    }

    [Fact]
    public void Of_keys_that_become_one_the_last_wins_always()
    {
        using var values = Of(("a1", "first"), ("a2", "last"));
        using var renamed = KeyRewriting.Regexp(values, "[0-9]", "", Unhurried);
        Assert.Equal("last", Text(renamed, "a"));
    }

    [Fact]
    public void An_expression_that_is_none_is_named() =>
        Assert.StartsWith("rewrite.regexp.source: ", Assert.Throws<ValuesException>(() => KeyRewriting.Regexp(new SecretValues(), "(", "", Unhurried)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_transform_renames_keys()
    {
        using var values = Of(("db/user", "1"));
        using var renamed = KeyRewriting.Transform(values, "{{ .value | replace \"/\" \"_\" | upper }}", Unhurried, CancellationToken.None);
        Assert.Equal(["DB_USER"], renamed.Keys);
        Assert.StartsWith("rewrite.transform: ", Assert.Throws<ValuesException>(() => KeyRewriting.Transform(values, "{{", Unhurried, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, false)]
    public void The_keys_of_a_rewrite_share_its_time(int keys, bool isEnough)
    {
        using var values = Of([.. Enumerable.Range(0, keys).Select(i => ($"k{i}", "1"))]);
        foreach (var rewrite in (Action<RewriteLimits>[])[limits => KeyRewriting.Regexp(values, "k", "x", limits).Dispose(), limits => KeyRewriting.Transform(values, "{{ .value }}", limits, CancellationToken.None).Dispose()])
        {
            var failure = Record.Exception(() => rewrite(new RewriteLimits(new ExecuteOptions { Time = new SecondsAtEveryLook() })));
            Assert.Equal(isEnough ? null : "rewrite: all keys together took longer than 10 s", failure?.Message);
        }
    }

    [Theory]
    [InlineData(false, "d", "x\uFFFDy")]
    [InlineData(false, "e\uFFFD", "{\"i\":\"\uFFFD\"}")]
    [InlineData(true, "all", "{\"d\":\"x\uFFFDy\",\"e\uFFFD\":{\"i\":\"\uFFFD\"}}")]
    public void Half_a_surrogate_pair_is_merged_as_the_replacement_character(bool asJson, string key, string expected)
    {
        using var values = Of(("a", """{"d":"x\ud800y","e\udc00":{"i":"\ud800"}}"""));
        using var merged = new MergeRewriting("all", [], false, false, asJson).Apply(values);
        Assert.Equal(expected, Text(merged, key));
    }

    [Fact]
    public void A_merge_takes_the_members_of_all_values()
    {
        using var values = Of(("a", """{"x":"1","n":1.50,"big":12345678901234567890,"e":1e21,"o":{"z":"<"},"t":true,"nul":null}"""), ("b", """{"y":"2"}"""));
        using var merged = new MergeRewriting("", [], false, false, AsJson: false).Apply(values);
        Assert.Equal("1|1.5|12345678901234567890|1000000000000000000000|{\"z\":\"\\u003c\"}|true||2",
            string.Join('|', new[] { "x", "n", "big", "e", "o", "t", "nul", "y" }.Select(key => Text(merged, key))));
        Assert.Equal(8, merged.Count);
    }

    [Fact]
    public void Priority_decides_where_conflicts_are_ignored_and_is_none_by_itself()
    {
        using var values = Of(("a", """{"x":"a"}"""), ("b", """{"x":"b"}"""), ("c", """{"x":"c"}"""));
        Assert.Contains("member x of b", Assert.Throws<ValuesException>(() => new MergeRewriting("", [], false, false, false).Apply(values)).Message, StringComparison.Ordinal);
        Assert.Contains("member x of", Assert.Throws<ValuesException>(() => new MergeRewriting("", ["c", "a", "b"], false, false, false).Apply(values)).Message, StringComparison.Ordinal);
        using var ignored = new MergeRewriting("", ["a"], false, IgnoresConflicts: true, false).Apply(values);
        Assert.Equal("a", Text(ignored, "x"));
        Assert.Contains("priority key zz", Assert.Throws<ValuesException>(() => new MergeRewriting("", ["zz"], false, true, false).Apply(values)).Message, StringComparison.Ordinal);
        using var tolerant = new MergeRewriting("", ["zz", "b"], true, true, false).Apply(values);
        Assert.Equal("b", Text(tolerant, "x"));
    }

    [Fact]
    public void A_merge_as_JSON_keeps_the_values_and_adds_one()
    {
        using var values = Of(("a", """{"x":"<1>"}"""), ("b", """{"y":2}"""));
        using var merged = new MergeRewriting("all", [], false, false, AsJson: true).Apply(values);
        Assert.Equal(["a", "all", "b"], merged.Keys);
        Assert.Equal("""{"x":"<1>","y":2}""", Text(merged, "all"));
        Assert.Throws<ValuesException>(() => new MergeRewriting("", [], false, false, AsJson: true).Apply(values));
    }

    [Fact]
    public void What_is_no_object_cannot_be_merged_and_is_not_quoted()
    {
        using var values = Of(("a", "hunter2"));
        var message = Assert.Throws<ValuesException>(() => new MergeRewriting("", [], false, false, false).Apply(values)).Message;
        Assert.Equal("rewrite.merge: the value of a is no JSON object", message);
    }

    private static SecretValues Of(params (string Key, string Value)[] pairs)
    {
        var values = new SecretValues();
        foreach (var (key, value) in pairs) values.Set(key, Encoding.UTF8.GetBytes(value));
        return values;
    }

    private static string Text(SecretValues values, string key) => Encoding.UTF8.GetString(values.Find(key)!);

    private sealed class SecondsAtEveryLook : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds++;
    }
}
