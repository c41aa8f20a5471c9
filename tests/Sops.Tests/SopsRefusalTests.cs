using System.Text;
using System.Text.RegularExpressions;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>What a decryptor must refuse, beyond the vectors of the original.</summary>
public sealed partial class SopsRefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> NegativeIds => [.. SopsVector.Negatives.Select(v => v.Id)];

    [Theory]
    [InlineData("01-yaml-k8s-secret-age")]
    [InlineData("12-json-types")]
    [InlineData("14-dotenv-age")]
    [InlineData("16-ini-age")]
    [InlineData("18-binary-age")]
    public async Task No_character_of_an_encrypted_value_can_be_changed(string id)
    {
        var vector = SopsVector.Get(id);
        var text = Encoding.UTF8.GetString(vector.Sealed);
        // Of a comment nothing is protected: it is kept as it stands when it does not open.
        var values = EncryptedValue().Matches(text).Where(m => !m.Value.Contains("type:comment", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(values);
        foreach (var position in values.SelectMany(m => Enumerable.Range(m.Index, m.Length).Where((_, i) => i % 7 == 0)))
        {
            var changed = text[..position] + (text[position] == 'A' ? 'B' : 'A') + text[(position + 1)..];
            await RequireRefusedAsync(Encoding.UTF8.GetBytes(changed), vector.Format, "age-a");
        }
    }

    [Fact]
    public async Task No_character_of_the_wrapped_data_key_can_be_changed()
    {
        var vector = SopsVector.Get("01-yaml-k8s-secret-age");
        var text = Encoding.UTF8.GetString(vector.Sealed);
        var start = text.IndexOf("-----BEGIN", StringComparison.Ordinal);
        var end = text.IndexOf("-----END", StringComparison.Ordinal);
        for (var i = start; i < end; i++)
        {
            if (char.IsWhiteSpace(text[i])) continue;
            await RequireRefusedAsync(Encoding.UTF8.GetBytes(text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..]), vector.Format, "age-a");
        }
    }

    [Theory]
    [InlineData("    lastmodified: ", "    lastmodified: yesterday #", SopsFailure.Metadata)]
    [InlineData("    lastmodified: ", "    other: ", SopsFailure.Metadata)]
    [InlineData("    version: ", "    version: x", SopsFailure.Metadata)]
    [InlineData("    version: ", "    other: ", SopsFailure.Metadata)]
    [InlineData("    mac: ", "    other: ", SopsFailure.Mac)]
    [InlineData("    mac: ", "    encrypted_suffix: x\n    mac: ", SopsFailure.Metadata)]
    [InlineData("    encrypted_regex: ", "    encrypted_regex: (?=x)", SopsFailure.Rule)]
    [InlineData("    age:\n", "    age: []\n    none:\n", SopsFailure.Metadata)]
    [InlineData("    age:\n", "    age: text\n    none:\n", SopsFailure.Metadata)]
    [InlineData("sops:\n", "sops: text\nnone:\n", SopsFailure.Metadata)]
    [InlineData("sops:\n", "none:\n", SopsFailure.NotSealed)]
    [InlineData("    username: ", "    username: &a ", SopsFailure.Malformed)]
    [InlineData("    username: ", "    username: !!str ", SopsFailure.Malformed)]
    [InlineData("    username: ", "    1: ", SopsFailure.Malformed)]
    [InlineData("    username: ", "    added: 5\n    username: ", SopsFailure.Plaintext)]
    [InlineData("    username: ", "    added: true\n    username: ", SopsFailure.Plaintext)]
    [InlineData("    username: ", "    renamed: ", SopsFailure.Value)]
    [InlineData("kind: Secret", "kind: ConfigMap", SopsFailure.Mac)]
    [InlineData("kind: Secret", "kind: Secret\nadded: x", SopsFailure.Mac)]
    public async Task A_changed_file_is_refused_for_its_own_reason(string from, string to, SopsFailure expected)
    {
        var vector = SopsVector.Get("01-yaml-k8s-secret-age");
        var text = Encoding.UTF8.GetString(vector.Sealed);
        Assert.Contains(from, text, StringComparison.Ordinal);
        var failure = await RequireRefusedAsync(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), vector.Format, "age-a");
        Assert.Equal(expected, failure.Failure);
    }

    [Fact]
    public async Task A_comment_as_the_value_of_a_map_is_refused()
    {
        var vector = SopsVector.Get("03-yaml-comments");
        var text = Encoding.UTF8.GetString(vector.Sealed);
        var comment = text[1..text.IndexOf('\n', StringComparison.Ordinal)];
        var failure = await RequireRefusedAsync(Encoding.UTF8.GetBytes(text.Replace("nested:\n", $"stolen: {comment}\nnested:\n", StringComparison.Ordinal)), vector.Format, "age-a");
        Assert.Equal(SopsFailure.Value, failure.Failure);
    }

    [Theory]
    [MemberData(nameof(NegativeIds))]
    public async Task A_refusal_shows_no_value(string id)
    {
        var vector = SopsVector.Get(id);
        var failure = await RequireRefusedAsync(vector.Sealed, vector.Format, [.. vector.Identities]);
        var manifest = Encoding.UTF8.GetString(SopsVector.Get("01-yaml-k8s-secret-age").Plain!);
        var values = manifest.Split('\n').Select(l => l.Split(": ")[^1].Trim()).Where(v => v.Length > 4 && v is not "Secret");
        Assert.All(values, value => Assert.DoesNotContain(value, failure.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_keys_are_refused()
    {
        var vector = SopsVector.Get("24-yaml-two-age-recipients");
        Assert.Equal(SopsFailure.Limit, Assert.Throws<SopsException>(() => SopsFile.Parse(vector.Sealed, vector.Format, new SopsLimits(MaxMasterKeys: 1))).Failure);
    }

    [Theory]
    [InlineData(SopsFormat.Json, "{\"a\": 1, \"a\": 2}")]
    [InlineData(SopsFormat.Json, "[1]")]
    [InlineData(SopsFormat.Json, "{\"a\": 1} x")]
    [InlineData(SopsFormat.Json, "{\"a\": 1e999}")]
    [InlineData(SopsFormat.Json, "{\"a\": \"\\ud800\"}")]
    [InlineData(SopsFormat.Json, "")]
    [InlineData(SopsFormat.Dotenv, "no equals sign")]
    [InlineData(SopsFormat.Dotenv, "A=1\nA=2\n")]
    [InlineData(SopsFormat.Ini, "[a]\nx = 1\nx = 2\n")]
    [InlineData(SopsFormat.Ini, "[a]\n[a]\n")]
    [InlineData(SopsFormat.Ini, "[a\n")]
    [InlineData(SopsFormat.Ini, "just words\n")]
    [InlineData(SopsFormat.Ini, "[a]\nx = \"\"\"never ends\n")]
    [InlineData(SopsFormat.Ini, "[a]\n= 1\n")]
    public void Malformed_text_is_refused(SopsFormat format, string text) =>
        Assert.Equal(SopsFailure.Malformed, Assert.Throws<SopsException>(() => PlainFile.Parse(Encoding.UTF8.GetBytes(text), format)).Failure);

    [Fact]
    public void Deep_JSON_is_refused() =>
        Assert.Throws<SopsException>(() => PlainFile.Parse(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 500) + new string(']', 500) + "}"), SopsFormat.Json));

    [Theory]
    [InlineData("A=ENC[AES256_GCM,x]\nsops_age__list_1__map_enc=x\n")]
    [InlineData("A=x\nsops_age=x\nsops_age__list_0__map_enc=x\n")]
    [InlineData("A=x\nsops_age__list_x__map_enc=x\n")]
    [InlineData("A=x\nsops_age__list_99999999__map_enc=x\n")]
    public void Flattened_metadata_with_gaps_is_refused(string text) =>
        Assert.Equal(SopsFailure.Metadata, Assert.Throws<SopsException>(() => SopsFile.Parse(Encoding.UTF8.GetBytes(text), SopsFormat.Dotenv)).Failure);

    [Fact]
    public async Task A_passphrase_stanza_costs_nothing()
    {
        using var recipient = new GitOpsSecrets.Sops.Age.ScryptRecipient("x"u8, logN: 3);
        using var identity = new GitOpsSecrets.Sops.Age.ScryptIdentity("x"u8);
        var armored = GitOpsSecrets.Sops.Age.AgeArmor.Encode(GitOpsSecrets.Sops.Age.AgeFile.Encrypt(new byte[32], [recipient]));
        var key = MasterKey.Age("age1x").With(armored, null);
        var failure = await Assert.ThrowsAsync<SopsException>(async () => await new AgeDataKeys([identity]).UnwrapAsync(key, SopsLimits.Default, Cancellation));
        Assert.Equal(SopsFailure.DataKey, failure.Failure);
    }

    [Theory]
    [InlineData(SopsFormat.Yaml, "sops")]
    [InlineData(SopsFormat.Json, "sops")]
    [InlineData(SopsFormat.Ini, "sops")]
    [InlineData(SopsFormat.Dotenv, "sops_mac")]
    [InlineData(SopsFormat.Dotenv, "sops_new")]
    public async Task A_key_where_the_metadata_goes_is_not_sealed(SopsFormat format, string key)
    {
        using var identity = GitOpsSecrets.Sops.Age.X25519Identity.Generate();
        using var plain = new PlainFile(format, [new GitOpsSecrets.Sops.Documents.MapNode([new(key, GitOpsSecrets.Sops.Documents.ScalarNode.Text("x"))])]);
        var failure = await Assert.ThrowsAsync<SopsException>(() => SopsFile.SealAsync(plain, new SealingOptions([new KeyGroup([MasterKey.Age(identity.Recipient.ToString()!)])]), Keyrings.Of(), TimeProvider.System, Cancellation));
        Assert.Equal(SopsFailure.AlreadySealed, failure.Failure);
    }

    [Fact]
    public void What_would_be_beyond_the_limits_of_its_reader_is_not_written()
    {
        var vector = SopsVector.Get("01-yaml-k8s-secret-age");
        var file = SopsFile.Parse(vector.Sealed, vector.Format);
        Assert.NotEmpty(file.ToBytes());
        foreach (var limits in (SopsLimits[])[new(MaxBytes: 100), new(MaxNodes: 3), new(MaxDepth: 1)])
        {
            var failure = Assert.Throws<SopsException>(() => file.ToBytes(limits: limits));
            Assert.Equal(SopsFailure.Limit, failure.Failure);
            Assert.StartsWith("encrypted, it could not be read again: ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task A_data_key_of_another_length_is_refused(int length)
    {
        var vector = SopsVector.Get("01-yaml-k8s-secret-age");
        using var identity = GitOpsSecrets.Sops.Age.X25519Identity.Generate();
        var armored = GitOpsSecrets.Sops.Age.AgeArmor.Encode(GitOpsSecrets.Sops.Age.AgeFile.Encrypt(new byte[length], [identity.Recipient]));
        var text = Encoding.UTF8.GetString(vector.Sealed);
        var (start, end) = (text.IndexOf("-----BEGIN", StringComparison.Ordinal), text.IndexOf("-----END AGE ENCRYPTED FILE-----", StringComparison.Ordinal) + "-----END AGE ENCRYPTED FILE-----".Length);
        var indent = start - text.LastIndexOf('\n', start) - 1;
        var changed = text[..start] + armored.Trim().Replace("\n", "\n" + new string(' ', indent), StringComparison.Ordinal) + text[end..];
        var keyring = new SopsKeyringBuilder().AddFile(Encoding.UTF8.GetBytes(identity.Export())).Build();
        var failure = await Assert.ThrowsAsync<SopsException>(async () =>
        {
            using var open = await SopsFile.Parse(Encoding.UTF8.GetBytes(changed), vector.Format).OpenAsync(keyring, MacCheck.Required, null, Cancellation);
        });
        Assert.Equal(SopsFailure.DataKey, failure.Failure);
        Assert.Contains("32 bytes", failure.Message, StringComparison.Ordinal);
    }

    private static Task<SopsException> RequireRefusedAsync(byte[] file, SopsFormat format, params string[] identities) =>
        Assert.ThrowsAsync<SopsException>(async () =>
        {
            using var open = await SopsFile.Parse(file, format).OpenAsync(Keyrings.Of(identities), MacCheck.Required, null, Cancellation);
        });

    [GeneratedRegex(@"ENC\[[^\]]*\]")]
    private static partial Regex EncryptedValue();
}
