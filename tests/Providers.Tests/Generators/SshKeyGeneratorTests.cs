using System.Diagnostics;
using System.Text;
using GitOpsSecrets.Providers.Generators.SshKey;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class SshKeyGeneratorTests
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    private const string End = "\n-----END OPENSSH PRIVATE KEY-----\n";
    private readonly GeneratorSetUp keys = new(new SshKeyGenerator());

    public static TheoryData<string, string, int> Kinds => new()
    {
        { "{}", "ssh-rsa", 2048 },
        { """{"keyType":"rsa","keySize":1024,"comment":"deploy@team-a"}""", "ssh-rsa", 1024 },
        { """{"keyType":"rsa","keySize":3072,"comment":"x"}""", "ssh-rsa", 3072 },
        { """{"keyType":"ecdsa","comment":"two words"}""", "ecdsa-sha2-nistp256", 256 },
        { """{"keyType":"ecdsa","keySize":384}""", "ecdsa-sha2-nistp384", 384 },
        { """{"keyType":"ecdsa","keySize":521,"comment":"ünï"}""", "ecdsa-sha2-nistp521", 521 },
        { """{"keyType":"ecdsa","keySize":2048}""", "ecdsa-sha2-nistp256", 256 },
        { """{"keyType":"ed25519","comment":"ci"}""", "ssh-ed25519", 256 },
        { """{"keyType":"ed25519","keySize":4096}""", "ssh-ed25519", 256 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Another_reader_finds_in_the_private_key_what_the_public_key_says(string spec, string algorithm, int bits)
    {
        Assert.Empty(keys.Check(spec));
        var values = await keys.TextsAsync(spec);

        var file = values["privateKey"];
        Assert.StartsWith(Begin, file, StringComparison.Ordinal);
        Assert.EndsWith(End, file, StringComparison.Ordinal);
        Assert.All(file.Split('\n'), line => Assert.InRange(line.Length, 0, 64));
        var secret = OpenSshPrivateKeyUtilities.ParsePrivateKeyBlob(Convert.FromBase64String(file[Begin.Length..^End.Length]));

        var line = values["publicKey"];
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        var parts = line.TrimEnd('\n').Split(' ', 3);
        Assert.Equal(algorithm, parts[0]);
        Assert.Equal(Convert.ToBase64String(OpenSshPublicKeyUtilities.EncodePublicKey(PublicOf(secret))), parts[1]);
        Assert.Equal(bits, BitsOf(secret));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_ssh_keygen_of_the_system_reads_the_private_key_and_prints_the_public_key(string spec, string algorithm, int bits)
    {
        var program = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "ssh-keygen")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "there is no ssh-keygen");
        var values = await keys.TextsAsync(spec);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            // It refuses keys that others may read.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(path, options))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(values["privateKey"]), TestContext.Current.CancellationToken);
            }

            Assert.Equal(values["publicKey"], await RunAsync(program!, "-y", "-P", "", "-f", path));
            Assert.StartsWith($"{bits} SHA256:", await RunAsync(program!, "-l", "-f", path), StringComparison.Ordinal);
            Assert.StartsWith(algorithm, values["publicKey"], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("""{"keyType":"ecdsa","comment":"deploy key"}""", " deploy key\n")]
    [InlineData("""{"keyType":"ecdsa"}""", "=\n")]
    public async Task The_comment_ends_the_public_key(string spec, string end) => Assert.EndsWith(end, (await keys.TextsAsync(spec))["publicKey"], StringComparison.Ordinal);

    [Theory]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    [InlineData("ed25519")]
    public async Task No_two_keys_are_the_same(string keyType)
        => Assert.NotEqual((await keys.TextsAsync($$"""{"keyType":"{{keyType}}"}"""))["publicKey"], (await keys.TextsAsync($$"""{"keyType":"{{keyType}}"}"""))["publicKey"]);

    /// <summary>The first test key of RFC 8032, section 7.1.</summary>
    [Fact]
    public async Task An_Ed25519_key_is_the_given_chance()
    {
        var seed = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        var known = new GeneratorSetUp(new SshKeyGenerator()) { Random = new(1, seed) };

        var line = (await known.TextsAsync("""{"keyType":"ed25519"}"""))["publicKey"];

        Assert.Equal("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", Convert.ToHexStringLower(Convert.FromBase64String(line.Split(' ')[1])[^32..]));
    }

    [Fact]
    public void Integers_have_no_needless_zeros_and_never_look_negative()
    {
        using var wire = new SecretBuffer();
        wire.AppendInteger([0, 0, 0x7F, 1]);
        wire.AppendInteger([0x80]);
        wire.AppendInteger([0]);

        Assert.Equal("000000027f01" + "000000020080" + "00000000", Convert.ToHexStringLower(wire.Written));
    }

    [Theory]
    [InlineData("""{"keySize":512}""", "spec.keySize of an rsa key must be a multiple of 8 from 1024 to 8192")]
    [InlineData("""{"keySize":16384}""", "spec.keySize of an rsa key must be a multiple of 8 from 1024 to 8192")]
    [InlineData("""{"keySize":2047}""", "spec.keySize of an rsa key must be a multiple of 8 from 1024 to 8192")]
    [InlineData("""{"keyType":"dsa"}""", "spec.keyType must be one of rsa, ecdsa and ed25519")]
    [InlineData("""{"keyType":"ed25519","comment":"a\nssh-ed25519 AAAA"}""", "spec.comment must be one line")]
    public async Task A_spec_that_would_make_no_key_or_a_line_too_many_is_refused(string spec, string problem) => Assert.Equal(problem, await keys.RefusalAsync(spec));

    private static AsymmetricKeyParameter PublicOf(AsymmetricKeyParameter secret) => secret switch
    {
        RsaPrivateCrtKeyParameters rsa => new RsaKeyParameters(false, rsa.Modulus, rsa.PublicExponent),
        ECPrivateKeyParameters ec => new ECPublicKeyParameters(ec.AlgorithmName, ec.Parameters.G.Multiply(ec.D), ec.PublicKeyParamSet),
        Ed25519PrivateKeyParameters ed => ed.GeneratePublicKey(),
        _ => throw new NotSupportedException(secret.GetType().Name),
    };

    private static int BitsOf(AsymmetricKeyParameter secret) => secret switch
    {
        RsaPrivateCrtKeyParameters rsa when rsa.P.Multiply(rsa.Q).Equals(rsa.Modulus) => rsa.Modulus.BitLength,
        ECPrivateKeyParameters ec => ec.Parameters.Curve.FieldSize,
        _ => 256,
    };

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
