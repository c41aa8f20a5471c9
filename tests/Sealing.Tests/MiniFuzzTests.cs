using GitOpsSecrets.Sealing.Fuzz;
using GitOpsSecrets.Sealing.Tests.Vectors;

namespace GitOpsSecrets.Sealing.Tests;

/// <summary>The fuzz targets on mutated samples, the same at every run. A long hunt is tests/Sealing.Fuzz.</summary>
public sealed class MiniFuzzTests
{
    private const int Rounds = 1500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_parser_answers_every_mutation_with_a_value_or_a_failure(int target)
    {
        var samples = Samples(target);
        var random = new Random(20261123 + target);
        for (var round = 0; round < Rounds; round++)
        {
            var input = samples[random.Next(samples.Count)];
            for (var i = random.Next(1, 5); i > 0; i--) input = Mutate(input, random);
            try
            {
                FuzzTargets.Run(target, input);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"target {target}, round {round}: {e.GetType().Name}: {e.Message}\ninput {Convert.ToBase64String(input)}", e);
            }
        }
    }

    [Fact]
    public void Every_target_has_a_row() => Assert.Equal(5, FuzzTargets.Count);

    private static List<byte[]> Samples(int target)
    {
        using var key = Keys.Of(0);
        var item = key.Certificate!.Seal("value"u8, "ns/name"u8);
        return target switch
        {
            0 => [item, item[..147], [2, 0, .. new byte[528]], [0xFF, 0xFF], []],
            1 => [Text(Convert.ToBase64String(item)), Text("AQ==\r\n"), []],
            2 => [Text(key.Certificate.Pem), Text(VectorSet.KeyFile("small.crt")), Text(VectorSet.KeyFile("ec.crt")), Text(VectorSet.KeyFile("main.key"))],
            3 => [Text(Keys.Pem(0).Key), Text(VectorSet.KeyFile("small.key")), Text(VectorSet.KeyFile("ec.key")), Text(VectorSet.KeyFile("main.key"))],
            _ => [.. VectorSet.All.Where(c => c.HasFile("sealed_json") && c.Kind is "unseal" or "unseal-v1").Select(c => c.Bytes("sealed_json")), "{}"u8.ToArray()],
        };
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static byte[] Mutate(byte[] input, Random random)
    {
        var at = random.Next(input.Length + 1);
        var length = Math.Min(random.Next(1, 9), input.Length - at);
        switch (random.Next(6))
        {
            case 0 when at < input.Length:
                var flipped = (byte[])input.Clone();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1 when at < input.Length:
                var replaced = (byte[])input.Clone();
                replaced[at] = new byte[] { 0, 1, 0x7F, 0x80, 0xFF, (byte)'{', (byte)'"', (byte)'-' }[random.Next(8)];
                return replaced;
            case 2: return [.. input[..at], (byte)random.Next(256), .. input[at..]];
            case 3: return [.. input[..at], .. input[(at + length)..]];
            case 4: return input[..at];
            default: return [.. input[..(at + length)], .. input[at..]];
        }
    }
}
