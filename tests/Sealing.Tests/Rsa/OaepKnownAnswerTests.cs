using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Sealing.Rsa;
using GitOpsSecrets.Sealing.Tests.Vectors;

namespace GitOpsSecrets.Sealing.Tests.Rsa;

/// <summary>OAEP labels against blocks made by <c>openssl pkeyutl</c> (tests/vectors/oaep).</summary>
public sealed class OaepKnownAnswerTests
{
    private static readonly JsonArray Cases = Load();

    public static TheoryData<int, string> Rows()
    {
        var rows = new TheoryData<int, string>();
        for (var i = 0; i < Cases.Count; i++)
        {
            rows.Add(i, Backends.OpenSsl);
            rows.Add(i, Backends.BouncyCastle);
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_block_opens_under_its_label_and_no_other(int row, string backend)
    {
        using var key = VectorSet.PrivateKey(Text(row, "key"), Backends.Of(backend));
        var label = Encoding.UTF8.GetBytes(Text(row, "label"));
        var message = new byte[key.BlockSize];

        Assert.True(key.TryOpen(Bytes(row, "block"), label, message, out var written));
        Assert.Equal(Bytes(row, "message"), message[..written]);

        foreach (byte[] other in new byte[][] { [.. label, 0], [.. label, (byte)'/'], label.Length == 0 ? [1] : label[..^1] })
        {
            Array.Fill(message, (byte)0xAA);
            Assert.False(key.TryOpen(Bytes(row, "block"), other, message, out written));
            Assert.Equal(0, written);
            Assert.All(message, b => Assert.Equal(0, b));
        }
    }

    public static TheoryData<int> Indices() => new(Enumerable.Range(0, Cases.Count));

    [Theory]
    [MemberData(nameof(Indices))]
    public void The_encoder_pads_as_openssl_does(int row)
    {
        var block = new byte[Bytes(row, "block").Length];
        Oaep.Encode(Bytes(row, "message"), Encoding.UTF8.GetBytes(Text(row, "label")), Bytes(row, "seed"), block);
        Assert.Equal(Bytes(row, "padded"), block);
    }

    private static string Text(int row, string field) => Cases[row]![field]!.GetValue<string>();

    private static byte[] Bytes(int row, string field) => Convert.FromHexString(Text(row, field));

    private static JsonArray Load()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "oaep", "labels.json"));
        var cases = JsonNode.Parse(text)!["cases"]!.AsArray();
        return cases.Count >= 10 ? cases : throw new InvalidDataException("known answers are missing");
    }
}
