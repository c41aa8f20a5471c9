using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Documents.Yaml;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.OpenPgp;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>Sealing, editing and re-keying, always read back through the bytes of the file.</summary>
public sealed class SopsEditingTests : IDisposable
{
    private const string Source = "# about\nkind: Secret\ndata:\n    # inside\n    user: admin # who\n    pin: 12345\n    list:\n        - same\n        - same\n        - other\nplain: 7\n";

    private readonly X25519Identity _alice = X25519Identity.Generate();
    private readonly X25519Identity _bob = X25519Identity.Generate();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SopsFormat.Yaml, Source)]
    [InlineData(SopsFormat.Json, "{\n\t\"a\": \"x\",\n\t\"n\": 3,\n\t\"f\": 2.5,\n\t\"t\": true,\n\t\"z\": null,\n\t\"e\": \"\",\n\t\"l\": [\n\t\t1,\n\t\t{}\n\t]\n}\n")]
    [InlineData(SopsFormat.Dotenv, "# comment\nA=x\nB=line\\nbreak\nC=\nD=\"quoted\"\n")]
    [InlineData(SopsFormat.Ini, "top = 1\n\n; of the section\n[one]\n; of the key\nkey   = a value\nlonger = `with ; sign`\n\n[empty]\n")]
    [InlineData(SopsFormat.Binary, "any \u0001 bytes")]
    public async Task A_file_of_each_format_comes_back(SopsFormat format, string text)
    {
        if (format == SopsFormat.Ini) text = text.Replace("key   =", "key    =", StringComparison.Ordinal);
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(text), format);
        var sealedBytes = (await SealAsync(plain, null, _alice)).ToBytes();
        var file = SopsFile.Parse(sealedBytes, format);
        Assert.Equal(sealedBytes, file.ToBytes());
        using var open = await file.OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        Assert.Equal(text, Encoding.UTF8.GetString(open.Plain.ToBytes()));
    }

    [Fact]
    public async Task Clear_values_are_those_of_the_rule_alone()
    {
        var text = Encoding.UTF8.GetString((await SealSourceAsync()).ToBytes());
        Assert.Contains("kind: Secret\n", text, StringComparison.Ordinal);
        Assert.Contains("plain: 7\n", text, StringComparison.Ordinal);
        Assert.Contains("# about\n", text, StringComparison.Ordinal);
        foreach (var secret in new[] { "admin", "12345", "same", "other", "who", "inside" }) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_changes_the_lines_of_what_was_edited_and_no_others()
    {
        var before = await SealSourceAsync();
        using var open = await before.OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        using var edited = open.Plain.Clone();
        NodePath.Parse("[\"data\"][\"user\"]").Set(edited.Documents[0], ScalarNode.Text("root"));
        var after = open.Reseal(edited, TimeProvider.System);
        var changed = Lines(before).Except(Lines(after)).Select(l => l.Trim().Split(':')[0]);
        Assert.Superset(changed.ToHashSet(), new HashSet<string> { "user", "mac" });
        Assert.Subset(new HashSet<string> { "user", "mac", "lastmodified" }, changed.ToHashSet());
        Assert.Equal("root", await ReadAsync(after, "[\"data\"][\"user\"]", _alice));
    }

    [Fact]
    public async Task Set_and_unset_make_and_remove_what_is_on_the_way()
    {
        using var open = await (await SealSourceAsync()).OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        using var edited = open.Plain.Clone();
        NodePath.Parse("[\"data\"][\"new\"][\"deep\"][0]").Set(edited.Documents[0], DocumentJson.Parse("""{"k": [1, "x"]}"""u8));
        NodePath.Parse("[\"data\"][\"list\"][1]").Unset(edited.Documents[0]);
        NodePath.Parse("[\"data\"][\"pin\"]").Unset(edited.Documents[0]);
        var file = open.Reseal(edited, TimeProvider.System);
        using var again = await SopsFile.Parse(file.ToBytes(), SopsFormat.Yaml).OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        Assert.Equal(
            "# about\nkind: Secret\ndata:\n    # inside\n    user: admin # who\n    list:\n        - same\n        - other\n    new:\n        deep:\n            - k:\n                - 1\n                - x\nplain: 7\n",
            Encoding.UTF8.GetString(again.Plain.ToBytes()));
    }

    [Theory]
    [InlineData("[\"data\"][\"nothing\"]")]
    [InlineData("[\"data\"][0]")]
    [InlineData("[\"kind\"][\"x\"]")]
    [InlineData("[\"data\"][\"list\"][9]")]
    [InlineData("[\"data\"][\"list\"][\"x\"]")]
    public void Unset_of_nothing_is_an_error(string path)
    {
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(Source), SopsFormat.Yaml);
        Assert.Equal(SopsFailure.Content, Assert.Throws<SopsException>(() => NodePath.Parse(path).Unset(plain.Documents[0])).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("[0]")]
    [InlineData("[\"a\"")]
    [InlineData("[\"a\"]x")]
    [InlineData("[\"a\"][-1]")]
    [InlineData("[\"a\"][99999999999]")]
    public void What_is_no_path_is_refused(string path) => Assert.Throws<SopsException>(() => NodePath.Parse(path));

    [Fact]
    public async Task Rotation_changes_every_value_and_the_data_key()
    {
        var before = await SealSourceAsync();
        using var open = await before.OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        var after = await open.RotateAsync(Keyring(_alice), TimeProvider.System, Cancellation);
        Assert.DoesNotContain(Lines(before).Intersect(Lines(after)), l => l.Contains("ENC[", StringComparison.Ordinal));
        Assert.Equal("admin", await ReadAsync(after, "[\"data\"][\"user\"]", _alice));
    }

    [Fact]
    public async Task Updating_keys_leaves_values_alone_and_lets_the_new_key_in()
    {
        var before = await SealSourceAsync();
        using var open = await before.OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        var groups = Groups([_alice, _bob]);
        var after = await open.UpdateKeysAsync(groups, 0, Keyring(_alice), TimeProvider.System, Cancellation);
        Assert.Empty(Lines(before).Except(Lines(after)));
        Assert.Equal("admin", await ReadAsync(after, "[\"data\"][\"user\"]", _bob));
        using var wider = await after.OpenAsync(Keyring(_bob), MacCheck.Required, null, Cancellation);
        var without = await wider.UpdateKeysAsync(Groups([_bob]), 0, Keyring(_bob), TimeProvider.System, Cancellation);
        var failure = await Assert.ThrowsAsync<SopsException>(() => ReadAsync(without, "[\"data\"][\"user\"]", _alice));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
    }

    [Fact]
    public async Task Key_groups_of_age_and_OpenPGP_share_the_data_key()
    {
        var pgp = PgpKeys.Parse(VectorFiles.Read("sops", "openpgp/open.asc"));
        var keyring = new SopsKeyring([new AgeDataKeys([_alice]), new PgpDataKeys(pgp)]);
        KeyGroup[] groups = [.. Groups([_alice]), .. Groups([_bob]), new KeyGroup([MasterKey.Pgp(pgp.Fingerprints[0])])];
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(Source), SopsFormat.Yaml);
        var file = await SopsFile.SealAsync(plain, new SealingOptions(groups, ShamirThreshold: 2), keyring, TimeProvider.System, Cancellation);
        var read = SopsFile.Parse(file.ToBytes(), SopsFormat.Yaml);
        Assert.Equal((3, 2), (read.Metadata.KeyGroups.Count, read.Metadata.ShamirThreshold));
        using var open = await read.OpenAsync(keyring, MacCheck.Required, null, Cancellation);
        Assert.Equal(Source, Encoding.UTF8.GetString(open.Plain.ToBytes()));
        var failure = await Assert.ThrowsAsync<SopsException>(() => read.OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
    }

    [Fact]
    public async Task Without_its_order_a_document_opens_only_where_the_MAC_is_given_up()
    {
        var file = await SealSourceAsync();
        var json = (JsonObject)DocumentJson.ToJsonNode(YamlFormat.Read(file.ToBytes(), YamlMode.Sealed, SopsLimits.Default)[0])!;
        var sorted = new JsonObject(json.OrderByDescending(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        var reordered = SopsFile.Parse(Encoding.UTF8.GetBytes(sorted.ToJsonString()), SopsFormat.Json);
        var failure = await Assert.ThrowsAsync<SopsException>(() => reordered.OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation));
        Assert.Equal(SopsFailure.Mac, failure.Failure);
        using var open = await reordered.OpenAsync(Keyring(_alice), MacCheck.Impossible, null, Cancellation);
        Assert.False(open.MacVerified);
        Assert.Equal(SopsFailure.Mac, Assert.Throws<SopsException>(() => open.Reseal(open.Plain, TimeProvider.System)).Failure);
    }

    [Fact]
    public async Task A_comment_in_a_list_cannot_be_encrypted_under_a_comment_rule()
    {
        using var plain = PlainFile.Parse("# secret\nlist:\n    # about one\n    - one\n"u8, SopsFormat.Yaml);
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(plain, SelectionRule.Create(SelectionKind.EncryptedCommentRegex, "secret"), _alice));
        Assert.Equal(SopsFailure.Rule, failure.Failure);
    }

    [Theory]
    [InlineData(SelectionKind.EncryptedCommentRegex, "secret")]
    [InlineData(SelectionKind.UnencryptedCommentRegex, "public")]
    [InlineData(SelectionKind.EncryptedRegex, "^(b|t.+)$")]
    [InlineData(SelectionKind.UnencryptedRegex, "^a$")]
    [InlineData(SelectionKind.EncryptedSuffix, "ree")]
    [InlineData(SelectionKind.UnencryptedSuffix, "b")]
    public async Task A_file_under_each_rule_comes_back(SelectionKind kind, string pattern)
    {
        const string Text = "# public\na: 1\n# secret\nb: 2\n# nothing\ntree:\n    # public\n    x: 3 # secret\n    y2: 4\nlist:\n    # secret public\n    - 5\n    - 6\n";
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(Text), SopsFormat.Yaml);
        var file = await SealAsync(plain, SelectionRule.Create(kind, pattern), _alice);
        using var open = await SopsFile.Parse(file.ToBytes(), SopsFormat.Yaml).OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        Assert.Equal(Text, Encoding.UTF8.GetString(open.Plain.ToBytes()));
    }

    [Fact]
    public void A_sealed_file_is_not_taken_for_a_plain_one_nor_the_reverse()
    {
        foreach (var vector in SopsVector.Cases.Where(v => v.Format != SopsFormat.Binary))
        {
            Assert.Equal(SopsFailure.AlreadySealed, Assert.Throws<SopsException>(() => PlainFile.Parse(vector.Sealed, vector.Format)).Failure);
            Assert.Equal(SopsFailure.NotSealed, Assert.Throws<SopsException>(() => SopsFile.Parse(vector.Plain!, vector.Format)).Failure);
        }
    }

    [Fact]
    public async Task Aliases_and_merge_keys_come_back_expanded()
    {
        using var plain = PlainFile.Parse("base: &b\n  x: 1\nderived:\n  <<: *b\n  z: 2\n"u8, SopsFormat.Yaml);
        var file = await SealAsync(plain, null, _alice);
        Assert.Contains("    !!merge <<:\n", Encoding.UTF8.GetString(file.ToBytes()), StringComparison.Ordinal);
        using var open = await SopsFile.Parse(file.ToBytes(), SopsFormat.Yaml).OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        Assert.Equal("base:\n    x: 1\nderived:\n    !!merge <<:\n        x: 1\n    z: 2\n", Encoding.UTF8.GetString(open.Plain.ToBytes()));
    }

    [Fact]
    public async Task An_ini_file_whose_metadata_has_real_line_breaks_opens()
    {
        var vector = SopsVector.Get("16-ini-age");
        var lines = Encoding.UTF8.GetString(vector.Sealed).Split('\n').Select(l =>
            l.StartsWith("age__list_0__map_enc", StringComparison.Ordinal) ? l.Replace("= ", "= \"\"\"", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal) + "\"\"\"" : l);
        var file = SopsFile.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines)), SopsFormat.Ini);
        using var open = await file.OpenAsync(Keyrings.Of("age-a"), MacCheck.Required, null, Cancellation);
        Assert.Equal(vector.Plain!, open.Plain.ToBytes());
    }

    [Fact]
    public async Task Bytes_that_are_not_text_can_be_kept_encrypted_only()
    {
        using var plain = PlainFile.Parse("data: !!binary /wD/\n"u8, SopsFormat.Yaml);
        using var open = await (await SealAsync(plain, null, _alice)).OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        Assert.Equal("data: !!binary /wD/\n", Encoding.UTF8.GetString(open.Plain.ToBytes()));
        var failure = await Assert.ThrowsAsync<SopsException>(() => SealAsync(plain, SelectionRule.Create(SelectionKind.EncryptedSuffix, "_x"), _alice));
        Assert.Equal(SopsFailure.Content, failure.Failure);
    }

    [Fact]
    public async Task Cloud_keys_survive_an_edit_and_a_mix_with_post_quantum_keys_shows()
    {
        var vector = SopsVector.Get("12-json-types");
        const string Cloud = "\"gcp_kms\": [{\"created_at\": \"2026-01-01T00:00:00Z\", \"enc\": \"abc\", \"resource_id\": \"projects/p\"}],\n\t\t\"lastmodified\"";
        var file = SopsFile.Parse(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(vector.Sealed).Replace("\"lastmodified\"", Cloud, StringComparison.Ordinal)), SopsFormat.Json);
        using var open = await file.OpenAsync(Keyrings.Of("age-a"), MacCheck.Required, null, Cancellation);
        var again = SopsFile.Parse(open.Reseal(open.Plain, TimeProvider.System).ToBytes(), SopsFormat.Json);
        Assert.Equal("abc", again.Metadata.KeyGroups[0].Keys.Single(k => k.Kind == MasterKeyKind.GcpKms).Wrapped);
        Assert.False(again.Metadata.MixesPostQuantum);
        var failure = await Assert.ThrowsAsync<SopsException>(() => open.RotateAsync(Keyrings.Of("age-a"), TimeProvider.System, Cancellation));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        using var hybrid = HybridIdentity.Generate();
        KeyGroup both = new([MasterKey.Age(hybrid.Recipient.ToString()), MasterKey.Age(_alice.Recipient.ToString())]);
        Assert.True((await open.UpdateKeysAsync([both], 0, Keyring(), TimeProvider.System, Cancellation)).Metadata.MixesPostQuantum);
    }

    [Fact]
    public async Task Disposal_overwrites_the_plaintext()
    {
        var open = await (await SealSourceAsync()).OpenAsync(Keyring(_alice), MacCheck.Required, null, Cancellation);
        var user = (ScalarNode)NodePath.Parse("[\"data\"][\"user\"]").Get(open.Plain.Documents[0])!;
        Assert.Equal("admin", user.GetText());
        open.Dispose();
        Assert.All(user.Bytes, b => Assert.Equal(0, b));
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    private static SopsKeyring Keyring(params IAgeIdentity[] identities) => new([new AgeDataKeys(identities)]);

    private static KeyGroup[] Groups(X25519Identity[] identities) => [new KeyGroup([.. identities.Select(i => MasterKey.Age(i.Recipient.ToString()))])];

    private static Task<SopsFile> SealAsync(PlainFile plain, SelectionRule? rule, X25519Identity identity) =>
        SopsFile.SealAsync(plain, new SealingOptions(Groups([identity]), Rule: rule), Keyring(), TimeProvider.System, Cancellation);

    private static string[] Lines(SopsFile file) => Encoding.UTF8.GetString(file.ToBytes()).Split('\n');

    private async Task<SopsFile> SealSourceAsync()
    {
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(Source), SopsFormat.Yaml);
        return await SealAsync(plain, SelectionRule.Create(SelectionKind.EncryptedRegex, "^data$"), _alice);
    }

    private static async Task<string> ReadAsync(SopsFile file, string path, X25519Identity identity)
    {
        using var open = await SopsFile.Parse(file.ToBytes(), file.Format).OpenAsync(Keyring(identity), MacCheck.Required, null, Cancellation);
        return ((ScalarNode)NodePath.Parse(path).Get(open.Plain.Documents[0])!).GetText();
    }
}
