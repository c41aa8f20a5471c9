namespace GitOpsSecrets.Sealing.Tests;

/// <summary>Small RSA keys made once a run: for tests whose subject is not the size of the key.</summary>
internal static class Keys
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(int Bits, int Number), (string Key, string Certificate)> Made = [];

    /// <summary>Key number <paramref name="number"/> of a size, ordered by its number: one day younger each.</summary>
    public static SealingKey Of(int number, int bits = 1024)
    {
        var (key, certificate) = Pem(number, bits);
        Assert.True(SealingPrivateKey.TryLoad(key, out var privateKey, out var failure), failure?.Message);
        Assert.True(SealingCertificate.TryLoad(certificate, out var loaded, out failure), failure?.Message);
        Assert.True(SealingKey.TryCreate(privateKey, loaded, null, out var sealingKey, out failure), failure?.Message);
        return sealingKey;
    }

    public static KeyRing Ring(int count, int bits = 1024) => KeyRing.Of(Enumerable.Range(0, count).Select(number => Of(number, bits)));

    public static (string Key, string Certificate) Pem(int number, int bits = 1024)
    {
        lock (Gate)
        {
            if (Made.TryGetValue((bits, number), out var made)) return made;
            using var generated = SealingKeyGenerator.Generate(bits, "", Epoch.AddDays(number), TimeSpan.FromDays(365));
            return Made[(bits, number)] = (System.Text.Encoding.ASCII.GetString(generated.PrivateKeyPem), generated.CertificatePem);
        }
    }
}
