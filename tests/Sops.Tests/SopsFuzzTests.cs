using CsCheck;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>Damaged files: whatever is done to one, it opens or a <see cref="SopsException"/> says why not. Nothing else gets out.</summary>
public sealed class SopsFuzzTests
{
    private static readonly string[] Keys = ["age-a", "age-b", "age-pq", "ssh", "pgp-rsa", "pgp-ecc", "pgp-nistp256", "pgp-ecc-ocb"];

    [Fact]
    public async Task A_damaged_file_opens_or_is_refused_by_name()
    {
        var keyring = Keyrings.Of(Keys);
        await Gen.Select(Gen.Int[0, SopsVector.Cases.Count - 1], Gen.Int[0, 3], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Byte).SampleAsync(async (index, kind, a, b, value) =>
        {
            var vector = SopsVector.Cases[index];
            var damaged = Damage(vector.Sealed, kind, a, b, value);
            try
            {
                using var open = await SopsFile.Parse(damaged, vector.Format).OpenAsync(keyring, MacCheck.Required, null, TestContext.Current.CancellationToken);
            }
            catch (SopsException failure)
            {
                Assert.NotEmpty(failure.Message);
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Any_text_is_read_or_refused_by_name() =>
        Gen.Select(Gen.Enum<SopsFormat>(), Gen.String[Gen.Char['\t', '~'], 0, 60]).Sample((format, text) =>
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            try
            {
                using var plain = PlainFile.Parse(bytes, format);
                Assert.NotNull(plain.ToBytes());
            }
            catch (SopsException failure)
            {
                Assert.NotEmpty(failure.Message);
            }
        }, iter: 5000);

    private static byte[] Damage(byte[] file, int kind, int a, int b, byte value)
    {
        var (first, second) = (Math.Min(a % file.Length, b % file.Length), Math.Max(a % file.Length, b % file.Length));
        switch (kind)
        {
            case 0:
                return [.. file[..first], .. file[second..]];
            case 1:
                return [.. file[..second], .. file[first..]];
            case 2:
                return [.. file[..first], value, .. file[first..]];
            default:
                var changed = (byte[])file.Clone();
                changed[first] = value;
                return changed;
        }
    }
}
