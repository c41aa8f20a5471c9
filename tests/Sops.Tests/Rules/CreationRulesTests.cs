using System.Text;
using System.Text.RegularExpressions;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Sops.Tests.Rules;

public sealed class CreationRulesTests
{
    private static readonly CreationRules Rules = CreationRules.Parse("""
        stores:
          yaml:
            indent: 2
          json:
            indent: 3
        creation_rules:
          - path_regex: ^prod/.*\.yaml$
            encrypted_regex: ^(data|stringData)$
            mac_only_encrypted: true
            age: age1a, age1b,
            pgp:
              - 0123456789ABCDEF0123456789ABCDEF01234567
          - path_regex: shared/
            shamir_threshold: 2
            key_groups:
              - age: [age1a, age1a]
                hc_vault: [https://vault.example.test:8200/v1/team/transit/keys/sops]
                merge:
                  - pgp: [FFFF456789ABCDEF0123456789ABCDEF01234567]
              - kms:
                  - arn: arn:aws:kms:eu-west-1:1:key/k
                    role: arn:aws:iam::1:role/r
                azure_keyvault:
                  - vaultUrl: https://v.vault.azure.net
                    key: k
                    version: "7"
          - kms: arn:aws:kms:eu-west-1:1:key/k+arn:aws:iam::1:role/r
            aws_profile: p
            gcp_kms: projects/p/locations/l/keyRings/r/cryptoKeys/k
            azure_keyvault: https://v.vault.azure.net/keys/k/7
            hc_vault_transit_uri: https://vault.example.test/v1/transit/keys/k
            unknown: ignored
        """u8);

    [Fact]
    public void The_first_rule_that_matches_counts()
    {
        Assert.Same(Rules.Rules[0], Rules.Match("prod/db.yaml"));
        Assert.Same(Rules.Rules[1], Rules.Match("prod/shared/db.json"));
        Assert.Same(Rules.Rules[2], Rules.Match("anything"));
    }

    [Fact]
    public void Keys_are_read_from_text_and_lists()
    {
        var options = Rules.Rules[0].Options;
        Assert.Equal(["age age1a", "age age1b", "pgp 0123456789ABCDEF0123456789ABCDEF01234567"], options.KeyGroups[0].Keys.Select(k => k.ToString()));
        Assert.True(options.MacOnlyEncrypted);
        Assert.Equal((SelectionKind.EncryptedRegex, "^(data|stringData)$"), (options.Rule!.Kind, options.Rule.Pattern));
    }

    [Fact]
    public void Key_groups_keep_their_keys_apart_and_once()
    {
        var options = Rules.Rules[1].Options;
        Assert.Equal(2, options.ShamirThreshold);
        Assert.Equal(
            [
                ["pgp FFFF456789ABCDEF0123456789ABCDEF01234567", "age age1a", "hc_vault https://vault.example.test:8200 team/transit sops"],
                ["kms arn:aws:kms:eu-west-1:1:key/k arn:aws:iam::1:role/r", "azure_kv https://v.vault.azure.net k 7"],
            ],
            options.KeyGroups.Select(g => g.Keys.Select(k => k.ToString())));
    }

    [Fact]
    public void Cloud_keys_have_the_fields_that_metadata_has()
    {
        var keys = Rules.Rules[2].Options.KeyGroups[0].Keys.ToDictionary(k => k.Kind);
        Assert.Equal(("arn:aws:kms:eu-west-1:1:key/k", "arn:aws:iam::1:role/r", "p"), (keys["kms"].Field("arn"), keys["kms"].Field("role"), keys["kms"].Field("aws_profile")));
        Assert.Equal("projects/p/locations/l/keyRings/r/cryptoKeys/k", keys["gcp_kms"].Field("resource_id"));
        Assert.Equal(("https://v.vault.azure.net", "k", "7"), (keys["azure_kv"].Field("vault_url"), keys["azure_kv"].Field("name"), keys["azure_kv"].Field("version")));
        Assert.Equal(("https://vault.example.test", "transit", "k"), (keys["hc_vault"].Field("vault_address"), keys["hc_vault"].Field("engine_path"), keys["hc_vault"].Field("key_name")));
    }

    [Fact]
    public void Layout_comes_from_the_stores() => Assert.Equal(new SopsLayout(2, 3), Rules.Layout);

    [Theory]
    [InlineData("creation_rules:\n  - encrypted_regex: a\n    encrypted_suffix: b\n")]
    [InlineData("creation_rules:\n  - path_regex: '('\n")]
    [InlineData("creation_rules:\n  - age: {a: b}\n")]
    [InlineData("creation_rules:\n  - shamir_threshold: many\n")]
    [InlineData("creation_rules:\n  - azure_keyvault: https://v.vault.azure.net/secrets/k\n")]
    [InlineData("stores:\n  yaml:\n    indent: 40\n")]
    public void Rules_that_cannot_be_followed_are_refused(string text) =>
        Assert.Equal(SopsFailure.Rule, Assert.Throws<SopsException>(() => CreationRules.Parse(Encoding.UTF8.GetBytes(text))).Failure);

    [Theory]
    [InlineData("(((a{1,200}){1,200}){1,200})")]
    [InlineData("(a{0,1000}b{0,1000}){1000}")]
    [InlineData("a{2147483647}")]
    [InlineData("a{99999999999}")]
    public void A_path_pattern_with_large_repeats_is_refused_before_it_costs_anything(string pattern) => AssertRefused(pattern);

    [Fact]
    public void A_long_path_pattern_is_refused() => AssertRefused(new string('a', 1025));

    [Fact]
    public void A_path_pattern_that_takes_too_long_is_told_by_its_place()
    {
        // What BoundedRegex makes has no such pattern; one of the engine that goes back stands for a slow machine.
        var slow = new Regex("^(a+)+$", RegexOptions.None, TimeSpan.FromMilliseconds(1));
        var rules = Rules with { Rules = [Rules.Rules[0], new CreationRule(slow, Rules.Rules[0].Options), Rules.Rules[2]] };

        var failure = Assert.Throws<SopsException>(() => rules.Match(new string('a', 60) + "!"));
        Assert.Equal((SopsFailure.Limit, "creation_rules[1].path_regex: the pattern takes too long on a path, key or comment"), (failure.Failure, failure.Message));
    }

    [Fact]
    public void The_nearest_file_above_counts()
    {
        var root = Directory.CreateTempSubdirectory("sops-rules");
        try
        {
            var deep = root.CreateSubdirectory("a").CreateSubdirectory("b");
            var file = Path.Combine(root.FullName, CreationRules.FileName);
            File.WriteAllText(file, "");
            Assert.Equal(file, CreationRules.FindFile(deep.FullName));
            var nearer = Path.Combine(deep.Parent!.FullName, CreationRules.FileName);
            File.WriteAllText(nearer, "");
            Assert.Equal(nearer, CreationRules.FindFile(deep.FullName));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void AssertRefused(string pattern)
    {
        var failure = Assert.Throws<SopsException>(() => CreationRules.Parse(Encoding.UTF8.GetBytes($"creation_rules:\n  - path_regex: '{pattern}'\n")));
        Assert.Equal(SopsFailure.Rule, failure.Failure);
        Assert.StartsWith("creation_rules[0].path_regex: the pattern ", failure.Message, StringComparison.Ordinal);
    }
}
