using System.Text;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.OpenPgp;

namespace GitOpsSecrets.Sops.Tests.OpenPgp;

/// <summary>Messages made by GnuPG, and our own.</summary>
public sealed class PgpMessageTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Now = "2026-11-23T00:00:00Z";

    [Theory]
    [InlineData("to-open.msg")]
    [InlineData("hidden-recipient.msg")]
    [InlineData("bzip2.msg")]
    [InlineData("zip.msg")]
    [InlineData("3des.msg")]
    [InlineData("twofish.msg")]
    [InlineData("camellia256.msg")]
    [InlineData("two-recipients.msg")]
    [InlineData("signed.msg")]
    public void A_message_of_gpg_opens(string name) => Assert.Equal(Secret, Open(name, "open.asc"));

    [Fact]
    public void A_protected_key_opens_with_its_passphrase()
    {
        var keys = PgpKeys.Parse(Bytes("locked.asc"), "throw-away");
        Assert.Equal(Secret, Encoding.UTF8.GetString(PgpMessage.Open(Message("to-locked.msg"), keys)!));
    }

    [Fact]
    public void A_wrong_passphrase_is_refused()
    {
        var failure = Assert.Throws<SopsException>(() => PgpKeys.Parse(Bytes("locked.asc"), "something else"));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.DoesNotContain("something", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_for_somebody_else_is_no_match() => Assert.Null(PgpMessage.Open(Message("to-locked.msg"), PgpKeys.Parse(Bytes("open.asc"))));

    [Theory]
    [InlineData("no-integrity.msg")]
    [InlineData("bomb.msg")]
    public void A_message_without_integrity_or_of_great_size_is_refused(string name) =>
        Assert.Equal(SopsFailure.DataKey, Assert.Throws<SopsException>(() => Open(name, "open.asc")).Failure);

    [Fact]
    public void A_text_for_a_user_opens_with_its_key_and_no_other()
    {
        var text = Encoding.UTF8.GetString(Bytes("signed.msg"));
        Assert.Equal(Secret, Encoding.UTF8.GetString(PgpText.Open(text, PgpKeys.Parse(Bytes("open.asc")))));
        Assert.Equal(SopsFailure.NoKey, Assert.Throws<SopsException>(() => PgpText.Open(text, PgpKeys.Parse(Bytes("locked.asc"), "throw-away"))).Failure);
        Assert.Equal(SopsFailure.DataKey, Assert.Throws<SopsException>(() => PgpText.Open(text[..^80], PgpKeys.Parse(Bytes("open.asc")))).Failure);
    }

    [Fact]
    public void A_message_to_a_passphrase_alone_is_no_match() => Assert.Null(PgpMessage.Open(Message("passphrase-only.msg"), PgpKeys.Parse(Bytes("open.asc"))));

    [Theory]
    [InlineData("openpgp/open.asc", null)]
    [InlineData("openpgp/open.pub.asc", "openpgp/open.asc")]
    [InlineData("keys/pgp-rsa.asc", null)]
    [InlineData("keys/pgp-ecc.asc", null)]
    [InlineData("keys/pgp-nistp256.asc", null)]
    [InlineData("keys/pgp-ecc-ocb.asc", null)]
    public async Task What_is_wrapped_for_a_key_opens_with_it(string wrapWith, string? openWith)
    {
        var keys = PgpKeys.Parse(VectorFiles.Read("sops", wrapWith));
        var secret = Encoding.UTF8.GetBytes(Secret);
        var wrapped = await new PgpDataKeys(keys).WrapAsync(MasterKey.Pgp(keys.Fingerprints[0]), secret, Now, TestContext.Current.CancellationToken);
        Assert.Equal(Now, wrapped.Field("created_at"));
        var opener = new PgpDataKeys(openWith is null ? keys : PgpKeys.Parse(VectorFiles.Read("sops", openWith)));
        Assert.Equal(secret, await opener.UnwrapAsync(wrapped, SopsLimits.Default, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_unknown_fingerprint_cannot_be_wrapped_for()
    {
        var source = new PgpDataKeys(PgpKeys.Parse(Bytes("open.asc")));
        var failure = await Assert.ThrowsAsync<SopsException>(async () => await source.WrapAsync(MasterKey.Pgp(new string('A', 40)), new byte[32], Now, TestContext.Current.CancellationToken));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
    }

    [Fact]
    public void A_flipped_bit_never_gives_another_plaintext()
    {
        var keys = PgpKeys.Parse(Bytes("open.asc"));
        var message = Message("zip.msg");
        for (var i = 0; i < message.Length; i++) RequireNothingElse(message, i, Encoding.UTF8.GetBytes(Secret), keys);
    }

    [Fact]
    public async Task A_flipped_bit_of_an_ocb_message_never_gives_another_plaintext()
    {
        var vector = SopsVector.Get("27-yaml-pgp-ocb");
        var key = SopsFile.Parse(vector.Sealed, vector.Format).Metadata.KeyGroups[0].Keys[0];
        var keys = PgpKeys.Parse(Encoding.UTF8.GetBytes(SopsVector.KeyText("pgp-ecc-ocb")));
        var secret = await new PgpDataKeys(keys).UnwrapAsync(key, SopsLimits.Default, TestContext.Current.CancellationToken);
        var message = PgpArmor.Decode(key.Wrapped)!;
        Assert.Equal(32, secret!.Length);
        for (var i = 0; i < message.Length; i++) RequireNothingElse(message, i, secret, keys);
    }

    [Fact]
    public void No_bit_of_the_body_can_be_flipped()
    {
        var keys = PgpKeys.Parse(Bytes("open.asc"));
        var message = Message("to-open.msg");
        // The body is the last packet.
        var body = message.Length - PgpPacket.ReadAll(message)![^1].Body.Length;
        for (var i = body; i < message.Length; i++)
        {
            var changed = (byte[])message.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.Throws<SopsException>(() => PgpMessage.Open(changed, keys));
        }
    }

    [Fact]
    public void Armor_with_a_wrong_checksum_is_refused()
    {
        var text = Encoding.UTF8.GetString(Bytes("to-open.msg"));
        Assert.NotNull(PgpArmor.Decode(text));
        var sum = text.LastIndexOf("\n=", StringComparison.Ordinal) + 2;
        Assert.Null(PgpArmor.Decode(text[..sum] + (text[sum] == 'A' ? 'B' : 'A') + text[(sum + 1)..]));
    }

    [Fact]
    public void Armor_is_written_back_the_same()
    {
        var text = SopsFile.Parse(SopsVector.Get("13-json-pgp-rsa").Sealed, SopsFormat.Json).Metadata.KeyGroups[0].Keys[0].Wrapped;
        Assert.Equal(text, PgpArmor.Encode(PgpArmor.Decode(text)!));
    }

    /// <summary>The packets around the body are not authenticated, so some of their bits do not matter; no bit may give anything else.</summary>
    private static void RequireNothingElse(byte[] message, int index, byte[] secret, PgpKeys keys)
    {
        var changed = (byte[])message.Clone();
        changed[index] ^= (byte)(1 << (index % 8));
        try
        {
            if (PgpMessage.Open(changed, keys) is { } plain) Assert.Equal(secret, plain);
        }
        catch (SopsException failure)
        {
            Assert.Equal(SopsFailure.DataKey, failure.Failure);
        }
    }

    private static string Open(string name, string keys) => Encoding.UTF8.GetString(PgpMessage.Open(Message(name), PgpKeys.Parse(Bytes(keys)))!);

    private static byte[] Message(string name) => PgpArmor.Decode(Encoding.UTF8.GetString(Bytes(name)))!;

    private static byte[] Bytes(string name) => VectorFiles.Read("sops", "openpgp/" + name);
}
