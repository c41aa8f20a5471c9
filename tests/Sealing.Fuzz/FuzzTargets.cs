using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Fuzz;

/// <summary>What every parser of sealing promises for any input: a value or a failure, never an exception, and no more than it was given.</summary>
internal static class FuzzTargets
{
    private static readonly Action<byte[]>[] Targets = [Item, ItemText, Certificate, PrivateKey, Object];

    public static int Count => Targets.Length;

    /// <summary>The first byte chooses the target.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (!input.IsEmpty) Run(input[0] % Targets.Length, input[1..].ToArray());
    }

    public static void Run(int target, byte[] input) => Targets[target](input);

    private static void Item(byte[] input)
    {
        var parses = SealedItem.TryParse(input, out var item, out var failure);
        Require(parses == (failure is null), "an item parses exactly when there is no failure");
        if (parses) Require(item.ToArray().AsSpan().SequenceEqual(input), "an item writes back the bytes it was read from");
    }

    private static void ItemText(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var decodes = SealedItem.TryDecode(text, out var bytes, out var failure);
        Require(decodes == (failure is null), "base64 decodes exactly when there is no failure");
        Require(bytes.Length <= text.Length, "base64 does not grow when decoded");
    }

    private static void Certificate(byte[] input)
    {
        var loads = SealingCertificate.TryLoad(Encoding.UTF8.GetString(input), out var certificate, out var failure);
        Require(loads == (failure is null) && loads == (certificate is not null), "a certificate or a failure");
        if (loads) Require(SealingCertificate.TryLoad(certificate!.Pem, out var again, out _) && again.Fingerprint == certificate.Fingerprint, "what loads, loads again");
    }

    private static void PrivateKey(byte[] input)
    {
        var loads = SealingPrivateKey.TryLoad(Encoding.UTF8.GetString(input), out var key, out var failure);
        Require(loads == (failure is null) && loads == (key is not null), "a key or a failure");
        key?.Dispose();
    }

    private static void Object(byte[] input)
    {
        SealedSecret? sealedSecret;
        try
        {
            sealedSecret = JsonSerializer.Deserialize(input, ApiJson.Compact.SealedSecret);
        }
        catch (JsonException)
        {
            return;
        }
        if (sealedSecret is null) return;
        using var result = Unsealer.Unseal(sealedSecret, KeyRing.Empty, UnsealOptions.Default);
        var spec = sealedSecret.Spec;
        var empty = spec?.EncryptedData is not { Count: > 0 } && string.IsNullOrEmpty(spec?.Data) && spec?.Template?.Data is not { Count: > 0 };
        Require(result.Succeeded == empty, "without a key an object opens exactly when it holds nothing");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}
