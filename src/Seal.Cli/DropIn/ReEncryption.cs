using System.Net;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>
/// <c>--re-encrypt</c>: has the controller seal each SealedSecret with its newest key. Of the answer only the items are taken, so labels,
/// annotations and templates survive even a controller that drops them, as the original's does.
/// </summary>
internal sealed class ReEncryption(ParsedFlags flags, TimeProvider time)
{
    /// <param name="input">SealedSecrets.</param>
    /// <param name="format">How to print them; <c>null</c> to get the input's own text with only the items changed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<byte[]> RunAsync(Manifest input, OutputFormat? format, CancellationToken cancellationToken)
    {
        if (input.Objects.Count == 0) throw NoSealedSecret.In(input);
        foreach (var source in input.Objects) ObjectDecoder.SealedSecret(source);
        using var controller = await ControllerClient.OpenAsync(flags, cancellationToken);
        var edit = new ManifestEdit(input);
        foreach (var source in input.Objects)
        {
            var rotated = await RotateAsync(controller, source, time, cancellationToken);
            foreach (var (item, value) in rotated.Spec.EncryptedData ?? []) edit.Set(source, value, "spec", "encryptedData", item);
            if (!string.IsNullOrEmpty(rotated.Spec.Data)) edit.Set(source, rotated.Spec.Data, "spec", "data");
            if (rotated.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is { } hint)
                edit.Set(source, hint, KeyHint.Path);
        }
        if (format is null)
        {
            var text = edit.Apply();
            if (!edit.LayoutKept) Talk.Warn($"{input.Source}: its layout does not allow changes in place; comments are lost");
            return text;
        }
        var output = new ManifestWriter(format.Value);
        foreach (var source in input.Objects) output.Add(Printed(ObjectDecoder.SealedSecret(source)));
        return output.Written.ToArray();
    }

    /// <summary>The controller's answer, known to hold exactly the items of the object.</summary>
    public static async Task<SealedSecret> RotateAsync(ControllerClient controller, ManifestObject source, TimeProvider time, CancellationToken cancellationToken)
    {
        var before = ObjectDecoder.SealedSecret(source);
        byte[] answer;
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(before, ApiJson.Compact.SealedSecret);
            answer = await RateLimit.WaitAsync(() => controller.RotateAsync(body, cancellationToken), time, cancellationToken);
        }
        catch (KubeStatusException failure) when (failure.Status == HttpStatusCode.Conflict)
        {
            throw new CommandException($"unable to rotate secret ({source}): {failure.Message}", failure);
        }
        catch (KubeStatusException failure) when (failure.Status == HttpStatusCode.TooManyRequests)
        {
            throw new CommandException($"cannot re-encrypt secret: {failure.Message} ({source}; the controller has too much to do: try again later)", failure);
        }
        catch (KubeStatusException failure)
        {
            throw new CommandException($"cannot re-encrypt secret: {failure.Message} ({source}; does the controller hold the key that it was sealed with?)", failure);
        }
        var after = Decode(answer, source);
        if (!SameKeys(before, after))
        {
            throw new CommandException(
                $"cannot re-encrypt secret: the controller answered with other items than {source} has (the original's controller turns templates in spec.template.data into items); re-encrypt it offline: seal reencrypt --recovery-private-key KEYS --cert CERT");
        }
        return after;
    }

    private static SealedSecret Decode(byte[] answer, ManifestObject source)
    {
        try
        {
            if (JsonSerializer.Deserialize(answer, ApiJson.Compact.SealedSecret) is { Metadata: not null, Spec: not null } sealedSecret) return sealedSecret;
        }
        catch (JsonException) { }
        throw new CommandException($"cannot re-encrypt secret: the controller's answer is no SealedSecret ({source})");
    }

    private static bool SameKeys(SealedSecret before, SealedSecret after) =>
        string.IsNullOrEmpty(before.Spec.Data) == string.IsNullOrEmpty(after.Spec.Data)
        && (before.Spec.EncryptedData ?? []).Keys.SequenceEqual((after.Spec.EncryptedData ?? []).Keys, StringComparer.Ordinal)
        && (before.Spec.Template?.Data ?? []).SequenceEqual(after.Spec.Template?.Data ?? []);

    private static SealedSecret Printed(SealedSecret value) => value with
    {
        Status = null,
        Metadata = value.Metadata with { CreationTimestamp = null, DeletionTimestamp = null, Generation = null },
    };
}
