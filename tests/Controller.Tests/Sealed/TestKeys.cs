using System.Collections.Concurrent;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Tests.Sealed;

/// <summary>Sealing keys by name, made once a run; small ones, because the controller does not care about the size.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<string, (byte[] Key, string Certificate)> Pairs = new();

    public static (byte[] Key, string Certificate) Pair(string name) => Pairs.GetOrAdd(name, static name =>
    {
        using var made = SealingKeyGenerator.Generate(2048, name, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(3650));
        return (made.PrivateKeyPem.ToArray(), made.CertificatePem);
    });

    public static SealingKey Key(string name, DateTimeOffset? orderingTime = null)
    {
        var (keyPem, certificatePem) = Pair(name);
        Assert.True(SealingPrivateKey.TryLoad(Encoding.ASCII.GetString(keyPem), out var privateKey, out _));
        Assert.True(SealingCertificate.TryLoad(certificatePem, out var certificate, out _));
        Assert.True(SealingKey.TryCreate(privateKey, certificate, orderingTime, out var key, out _));
        return key;
    }

    /// <summary>A SealedSecret of strict scope.</summary>
    public static SealedSecret Seal(string key, string @namespace, string name, params (string Item, string Value)[] items) => Seal(key, @namespace, name, null, items);

    /// <summary>A SealedSecret of the scope that <paramref name="annotation"/> names.</summary>
    public static SealedSecret Seal(string key, string @namespace, string name, string? annotation, params (string Item, string Value)[] items)
    {
        Assert.True(SealingCertificate.TryLoad(Pair(key).Certificate, out var certificate, out _));
        var metadata = new ObjectMeta
        {
            Namespace = @namespace,
            Name = name,
            Annotations = annotation is null ? null : new(StringComparer.Ordinal) { [annotation] = "true" },
        };
        var label = SealingScopes.Label(SealingScopes.Of(metadata), @namespace, name);
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (item, value) in items) data[item] = Convert.ToBase64String(certificate.Seal(Encoding.UTF8.GetBytes(value), label));
        return new SealedSecret { Metadata = metadata, Spec = new SealedSecretSpec { EncryptedData = data } };
    }
}
