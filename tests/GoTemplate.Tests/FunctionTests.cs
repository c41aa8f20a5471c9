using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests;

/// <summary>Results seen of the originals, beside those that the vectors record.</summary>
public sealed class FunctionTests
{
    [Theory]
    [InlineData("{{dict \"id\" (int64 \"1234567890123456789\") | toYaml}}", "id: 1234567890123456789")]
    [InlineData("{{atoi \"9007199254740993\" | toYaml}}", "9007199254740993")]
    [InlineData("{{list 1e20 1e21 -0.0 1.5e300 18446744073709551615.0 | toYaml}}", "- 1e+20\n- 1e+21\n- 0\n- 1.5e+300\n- 1.8446744073709552e+19")]
    [InlineData("{{\"{\\\"a\\\":9007199254740993}\" | fromJson | toYaml}}", "a: 9007199254740992")]
    public void Integers_keep_their_digits_in_yaml(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{merge (dict) (dict \"a\" 1 \"c\" nil)}}", "map[a:1]")]
    [InlineData("{{merge (dict \"c\" 0) (dict \"c\" nil)}}", "map[c:0]")]
    [InlineData("{{merge (dict \"c\" (dict \"x\" nil)) (dict \"c\" (dict \"y\" nil \"z\" 1))}}", "map[c:map[x:<nil> z:1]]")]
    [InlineData("{{merge (dict \"c\" nil) (dict \"c\" 1)}}", "map[c:1]")]
    [InlineData("{{mergeOverwrite (dict \"c\" 1) (dict \"c\" nil \"d\" nil)}}", "map[c:<nil> d:<nil>]")]
    public void Nothing_is_merged_over_something_only_where_it_overwrites(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("\\ufeff")]
    [InlineData("  ")]
    [InlineData("certificate: ")]
    [InlineData("Bag Attributes\\n    friendlyName: x\\n")]
    public void What_stands_before_the_first_block_is_dropped(string before)
    {
        var block = "-----BEGIN A-----\\nYQ==\\n-----END A-----\\n";
        Assert.Equal("-----BEGIN A-----\nYQ==\n-----END A-----\n", Render($"{{{{filterPEM \"a\" \"{before}{block}-----BEGIN B-----\\nYg==\\n-----END B-----\\n\"}}}}"));
        Assert.Equal("[a.b]", Render($"{{{{$c := genSelfSignedCert \"cn\" (list) (list \"a.b\") 3}}}}{{{{certSANs (print \"{before}\" $c.Cert)}}}}"));
    }

    [Theory]
    [InlineData("-----BEGIN A-----\n-----BEGIN A-----\nYQ==\n-----END A-----\n", "-----BEGIN A-----\nYQ==\n-----END A-----\n")]
    [InlineData("-----BEGIN A-----\nYQ==\n-----END B-----\n-----BEGIN A-----\nYg==\n-----END A-----", "-----BEGIN A-----\nYg==\n-----END A-----\n")]
    [InlineData("-----BEGIN A-----\r\nY Q=\t=\r\n-----END A----- \r\nrest", "-----BEGIN A-----\nYQ==\n-----END A-----\n")]
    [InlineData("-----BEGIN A-----\nx: y\n\nYQ==\n-----END A-----\n", "-----BEGIN A-----\nx: y\n\nYQ==\n-----END A-----\n")]
    [InlineData("-----BEGIN A-----\n-----END A-----\n-----BEGIN A-----\nYQ==\n-----END A-----\n", "-----BEGIN A-----\n-----END A-----\n-----BEGIN A-----\nYQ==\n-----END A-----\n")]
    [InlineData("-----BEGIN A-----\nYQ=\n-----END A-----\n-----BEGIN A-----\nYQ==\n-----END A-----\n", "-----BEGIN A-----\nYQ==\n-----END A-----\n")]
    [InlineData("-----BEGIN A-----\nYQ==\n-----END A-----x\n", "error")]
    [InlineData("-----BEGIN A-----\nYQ==\n-----END A-----\r", "error")]
    [InlineData("-----BEGIN A-----\nx: y\n", "error")]
    [InlineData("no block", "error")]
    public void Blocks_are_taken_as_Go_takes_them(string text, string expected)
    {
        var data = GoMap.OfSecrets([new("t", Encoding.UTF8.GetBytes(text))]);
        var template = Template.Parse("t", "{{filterPEM \"A\" .t}}", new TemplateOptions());
        if (expected == "error")
        {
            var error = Assert.Throws<TemplateException>(() => template.Execute(data, Patience.Options, CancellationToken.None));
            Assert.EndsWith("error filtering pem: found junk", error.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, Encoding.UTF8.GetString(template.Execute(data, Patience.Options, CancellationToken.None)));
    }

    [Theory]
    [InlineData("(?:(?:(?:){1000}){1000}){1000}", false)]
    [InlineData("((a{2,}){100}){6}", false)]
    [InlineData("(a{30}){34}", false)]
    [InlineData("(a{30}){33}", true)]
    [InlineData("(a{1000})*", true)]
    [InlineData("(a{0}){1000}", true)]
    public void Counted_repeats_inside_each_other_are_a_thousand_at_most(string pattern, bool isValid)
    {
        var template = $"{{{{mustRegexMatch \"{pattern}\" \"\"}}}}";
        if (isValid)
        {
            Render(template);
            return;
        }

        Assert.Contains("error parsing regexp: invalid repeat count: `", Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(?-s)+", "+")]
    [InlineData("(?i)*?", "*?")]
    [InlineData("a|(?i){2}", "{2}")]
    [InlineData("a((?i)?)", "?")]
    public void Flags_are_nothing_that_could_be_repeated(string pattern, string repeat) =>
        Assert.Contains($"error parsing regexp: missing argument to repetition operator: `{repeat}`", Assert.Throws<TemplateException>(() => Render($"{{{{mustRegexFind \"{pattern}\" \"\"}}}}")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ab(?i)+", "abbab", "abb")]
    [InlineData("a{2}(?i){2}", "aaaaa", "aaaa")]
    [InlineData("(?i)", "a", "")]
    [InlineData("(?:)+", "a", "")]
    [InlineData("a|(?i)b", "B", "B")]
    public void A_repeat_after_flags_is_of_what_stands_before_them(string pattern, string text, string expected) =>
        Assert.Equal(expected, Render($"{{{{mustRegexFind \"{pattern}\" \"{text}\"}}}}"));

    /// <summary>The library of the original looks for + and / to tell the alphabet, and for = at the end.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_web_key_may_have_any_form_of_base64(bool isStandard, bool isPadded)
    {
        var seed = Form("jGZ_9w4TrmzCZ0CDUvfg4N6J6iTetfK6u1eFWdEXtmQ");
        var point = Form("nRcOosURYUiDO8yW0WxVBXvL_nEK0WSo0DAQ7LqViSs");
        Assert.Contains("MC4CAQAwBQYDK2VwBCIEIIxmf/cOE65swmdAg1L34ODeieok3rXyurtXhVnRF7Zk", Pem("Private", $", \"d\": \"{seed}\""), StringComparison.Ordinal);
        Assert.Contains("nRcOosURYUiDO8yW0WxVBXvL/nEK0WSo0DAQ7LqViSs", Pem("Public", ""), StringComparison.Ordinal);

        string Form(string text) => (isStandard ? text.Replace('-', '+').Replace('_', '/') : text) + (isPadded ? "=" : "");
        string Pem(string half, string more) => Render($"{{{{jwk{half}KeyPem `{{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"{point}\"{more}}}`}}}}");
    }

    [Fact]
    public void The_alphabets_are_not_mixed_in_one_member_of_a_web_key() =>
        Assert.Contains("failed to decode x", Assert.Throws<TemplateException>(() =>
            Render("{{jwkPublicKeyPem `{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"nRcOosURYUiDO8yW0WxVBXvL_nEK0WSo0DAQ7LqV+Ss\"}`}}")).Message, StringComparison.Ordinal);

    private static string Render(string template) =>
        Encoding.UTF8.GetString(Template.Parse("t", template, new TemplateOptions()).Execute(GoMap.OfSecrets([]), Patience.Options, CancellationToken.None));
}
