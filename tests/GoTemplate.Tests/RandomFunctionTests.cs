using System.Text;
using System.Text.RegularExpressions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests;

/// <summary>Functions without a fixed result: the properties of tests/vectors/templates/README.md.</summary>
public sealed class RandomFunctionTests
{
    [Theory]
    [InlineData("{{randAlphaNum 50}}", "^[A-Za-z0-9]{50}$")]
    [InlineData("{{randAlpha 50}}", "^[A-Za-z]{50}$")]
    [InlineData("{{randNumeric 50}}", "^[0-9]{50}$")]
    [InlineData("{{randAscii 50}}", "^[ -~]{50}$")]
    [InlineData("{{randAlpha 0}}{{randAscii -1}}", "^$")]
    [InlineData("{{randBytes 10}}", "^[A-Za-z0-9+/]{14}==$")]
    [InlineData("{{randInt 5 7}}", "^[56]$")]
    [InlineData("{{uuidv4}}", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData("{{now}}", @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC m=[+-]\d+\.\d{9}$")]
    [InlineData("{{bcrypt \"x\"}}", @"^\$2a\$10\$[./A-Za-z0-9]{53}$")]
    [InlineData("{{htpasswd \"u\" \"p\" \"bcrypt\"}}", @"^u:\$2a\$10\$[./A-Za-z0-9]{53}$")]
    [InlineData("{{encryptAES \"k\" \"secret\" | decryptAES \"k\"}}", "^secret$")]
    [InlineData("{{genPrivateKey \"ecdsa\"}}", "^-----BEGIN EC PRIVATE KEY-----\n[^-]+-----END EC PRIVATE KEY-----\n$")]
    [InlineData("{{genPrivateKey \"ed25519\"}}", "^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$")]
    [InlineData("{{$c := genSelfSignedCert \"cn\" (list \"10.0.0.1\") (list \"a.b\") 3}}{{certSANs $c.Cert}}{{$c.Key}}", @"^\[a\.b 10\.0\.0\.1\]-----BEGIN RSA PRIVATE KEY-----")]
    public void Random_results_have_the_documented_shape(string template, string pattern) => Assert.Matches(new Regex(pattern, RegexOptions.NonBacktracking), Render(template));

    [Fact]
    public void Shuffling_keeps_the_runes() => Assert.Equal("abcdé".Order(), Render("{{shuffle \"abcdé\"}}").Order());

    [Fact]
    public void A_bcrypt_hash_verifies()
    {
        var hash = Render("{{bcrypt \"pässword\"}}");
        Assert.True(Org.BouncyCastle.Crypto.Generators.OpenBsdBCrypt.CheckPassword(hash, "pässword".ToCharArray()));
        Assert.False(Org.BouncyCastle.Crypto.Generators.OpenBsdBCrypt.CheckPassword(hash, "password".ToCharArray()));
    }

    [Fact]
    public void Chance_comes_from_the_given_source()
    {
        var options = new ExecuteOptions { Random = buffer => buffer.Clear() };
        var template = Template.Parse("t", "{{randAlpha 5}}{{uuidv4}}", new TemplateOptions());
        Assert.Equal("AAAAA00000000-0000-4000-8000-000000000000", Encoding.UTF8.GetString(template.Execute(GoMap.OfAny(), options, CancellationToken.None)));
    }

    [Fact]
    public void Sealed_secrets_have_no_functions_of_External_Secrets_or_the_environment()
    {
        var options = new TemplateOptions { Functions = TemplateFunctions.SealedSecrets };
        foreach (var name in (string[])["env", "expandenv", "getHostByName", "toYaml", "filterPEM", "pkcs12key", "hexdec"])
        {
            Assert.Throws<TemplateException>(() => Template.Parse("t", $"{{{{{name}}}}}", options));
        }
    }

    private static string Render(string template) =>
        Encoding.UTF8.GetString(Template.Parse("t", template, new TemplateOptions()).Execute(GoMap.OfAny(), Patience.Options, CancellationToken.None));
}
