using System.Text;
using CsCheck;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops.Tests.Age;

public sealed class AgeFileTests
{
    private static readonly byte[] Plain = "some plaintext"u8.ToArray();

    public static TheoryData<string> SshKeys => ["id_rsa", "id_rsa_pkcs1", "id_ed25519"];

    [Theory]
    [MemberData(nameof(SshKeys))]
    public void A_file_of_age_opens_with_the_ssh_key_it_was_written_to(string name)
    {
        var plain = AgeFile.Decrypt(Ssh(name + ".age"), AgeIdentities.Parse(Encoding.UTF8.GetString(Ssh(name))));
        Assert.Equal($"opened with {name}\n", Encoding.UTF8.GetString(plain));
    }

    [Theory]
    [MemberData(nameof(SshKeys))]
    public void What_is_written_to_an_ssh_key_opens_with_it(string name)
    {
        var file = AgeFile.Encrypt(Plain, [AgeRecipients.Parse(Encoding.UTF8.GetString(Ssh(name + ".pub")))]);
        Assert.Equal(Plain, AgeFile.Decrypt(file, AgeIdentities.Parse(Encoding.UTF8.GetString(Ssh(name)))));
    }

    [Fact]
    public void An_ssh_identity_knows_its_recipient()
    {
        var identity = Assert.IsType<SshEd25519Identity>(AgeIdentities.Parse(Encoding.UTF8.GetString(Ssh("id_ed25519")))[0]);
        Assert.StartsWith(identity.Recipient.ToString()!, Encoding.UTF8.GetString(Ssh("id_ed25519.pub")), StringComparison.Ordinal);
        var rsa = Assert.IsType<SshRsaIdentity>(AgeIdentities.Parse(Encoding.UTF8.GetString(Ssh("id_rsa")))[0]);
        Assert.StartsWith(rsa.Recipient.ToString()!, Encoding.UTF8.GetString(Ssh("id_rsa.pub")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_protected_ssh_key_is_refused_with_its_reason()
    {
        var failure = Assert.Throws<AgeException>(() => AgeIdentities.Parse(Encoding.UTF8.GetString(Ssh("id_ed25519_locked"))));
        Assert.Equal(AgeFailure.Identity, failure.Failure);
        Assert.Contains("passphrase", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_come_back() =>
        Gen.Byte.Array[0, 300].Sample(plain =>
        {
            using var first = X25519Identity.Generate();
            using var second = X25519Identity.Generate();
            var file = AgeFile.Encrypt(plain, [first.Recipient, second.Recipient]);
            Assert.Equal(plain, AgeFile.Decrypt(file, [second]));
            Assert.Equal(plain, AgeFile.Decrypt(Encoding.ASCII.GetBytes(AgeArmor.Encode(file)), [first]));
        }, iter: 20);

    [Fact]
    public void A_hybrid_recipient_is_written_to_and_read_from_its_text()
    {
        using var identity = HybridIdentity.Generate();
        var recipient = AgeRecipients.Parse(identity.Recipient.ToString());
        Assert.True(recipient.IsPostQuantum);
        Assert.Equal(Plain, AgeFile.Decrypt(AgeFile.Encrypt(Plain, [recipient]), AgeIdentities.Parse(identity.Export())));
    }

    [Fact]
    public void The_public_keys_of_the_vectors_are_those_of_their_identities()
    {
        Assert.Equal(SopsVector.PublicKey("age-a"), Assert.IsType<X25519Identity>(AgeIdentities.Parse(SopsVector.KeyText("age-a"))[0]).Recipient.ToString());
        Assert.Equal(SopsVector.PublicKey("age-pq"), Assert.IsType<HybridIdentity>(AgeIdentities.Parse(SopsVector.KeyText("age-pq"))[0]).Recipient.ToString());
    }

    [Fact]
    public void A_passphrase_opens_what_it_closed_and_nothing_else_does()
    {
        using var recipient = new ScryptRecipient("correct horse"u8, logN: 4);
        var file = AgeFile.Encrypt(Plain, [recipient]);
        using var right = new ScryptIdentity("correct horse"u8);
        using var wrong = new ScryptIdentity("battery staple"u8);
        Assert.Equal(Plain, AgeFile.Decrypt(file, [wrong, right]));
        Assert.Equal(AgeFailure.NoMatch, Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, [wrong])).Failure);
    }

    [Fact]
    public void A_work_factor_above_the_limit_is_refused_before_any_work()
    {
        using var recipient = new ScryptRecipient("x"u8, logN: 5);
        var file = AgeFile.Encrypt(Plain, [recipient]);
        using var identity = new ScryptIdentity("x"u8);
        var failure = Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, [identity], new AgeLimits(MaxScryptLogN: 4)));
        Assert.Equal(AgeFailure.Limit, failure.Failure);
    }

    [Fact]
    public void Too_many_stanzas_are_refused()
    {
        using var identity = X25519Identity.Generate();
        var file = AgeFile.Encrypt(Plain, [identity.Recipient, identity.Recipient, identity.Recipient]);
        Assert.Equal(AgeFailure.Limit, Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, [identity], new AgeLimits(MaxStanzas: 2))).Failure);
    }

    [Fact]
    public void A_long_header_and_a_long_file_are_refused()
    {
        using var identity = X25519Identity.Generate();
        var file = AgeFile.Encrypt(Plain, [identity.Recipient]);
        Assert.Equal(AgeFailure.Limit, Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, [identity], new AgeLimits(MaxHeaderBytes: 100))).Failure);
        Assert.Equal(AgeFailure.Limit, Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, [identity], new AgeLimits(MaxFileBytes: 100))).Failure);
    }

    [Fact]
    public void Post_quantum_and_classic_recipients_do_not_mix()
    {
        using var classic = X25519Identity.Generate();
        using var hybrid = HybridIdentity.Generate();
        Assert.Equal(AgeFailure.Recipient, Assert.Throws<AgeException>(() => AgeFile.Encrypt(Plain, [classic.Recipient, hybrid.Recipient])).Failure);
    }

    [Fact]
    public void No_bit_of_a_file_can_be_flipped()
    {
        using var identity = X25519Identity.Generate();
        var file = AgeFile.Encrypt(Plain, [identity.Recipient]);
        for (var i = 0; i < file.Length * 8; i++)
        {
            var changed = (byte[])file.Clone();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            Assert.Throws<AgeException>(() => AgeFile.Decrypt(changed, [identity]));
        }
    }

    [Theory]
    [InlineData("age1name1qqqq")]
    [InlineData("age10vrtphtzfsgpgmgcfjyexxyva59l8fgwrs4dndyxn8qeclscyvrqehf0mq")]
    [InlineData("Age10vrtphtzfsgpgmgcfjyexxyva59l8fgwrs4dndyxn8qeclscyvrqehf0mp")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3M=")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("")]
    public void What_is_no_recipient_is_refused(string text) =>
        Assert.Equal(AgeFailure.Recipient, Assert.Throws<AgeException>(() => AgeRecipients.Parse(text)).Failure);

    [Fact]
    public void A_bad_identity_file_names_the_line_and_not_its_content()
    {
        var text = "# comment\n\nAGE-SECRET-KEY-1CANARYCANARY\n";
        var failure = Assert.Throws<AgeException>(() => AgeIdentities.Parse(text));
        Assert.Contains("line 3", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_mute()
    {
        using var identity = X25519Identity.Generate();
        using var hybrid = HybridIdentity.Generate();
        using var fileKey = AgeFileKey.Generate();
        Assert.Equal([nameof(X25519Identity), nameof(HybridIdentity), nameof(AgeFileKey)], new object[] { identity, hybrid, fileKey }.Select(o => o.ToString()));
    }

    [Fact]
    public void Bech32_text_comes_back_and_is_of_one_case() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            var text = Bech32.Encode("test", bytes);
            Assert.True(Bech32.TryDecode(text, "test", out var back) && back.AsSpan().SequenceEqual(bytes));
            Assert.True(Bech32.TryDecode(text.ToUpperInvariant(), "test", out _));
            Assert.False(Bech32.TryDecode(text, "tes", out _));
            Assert.False(Bech32.TryDecode(text[..^1] + (text[^1] == 'q' ? 'p' : 'q'), "test", out _));
        }, iter: 200);

    private static byte[] Ssh(string name) => VectorFiles.Read("age", "ssh/" + name);
}
