using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Resealing;

/// <summary>Has the cluster's controller do it: no private key leaves the cluster.</summary>
internal sealed class ControllerResealer : IObjectResealer
{
    private readonly ControllerClient _controller;
    private readonly TimeProvider _time;

    private ControllerResealer(ControllerClient controller, TimeProvider time)
    {
        _controller = controller;
        _time = time;
    }

    /// <exception cref="CommandException">No controller, or one that seals to another certificate than <c>--cert</c> names.</exception>
    public static async Task<ControllerResealer> OpenAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var wanted = flags.TextOrNull(RootFlags.Cert) is null ? null : await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken);
        var resealer = new ControllerResealer(await ControllerClient.OpenAsync(flags, cancellationToken), time);
        try
        {
            if (wanted is not null && await resealer.FingerprintAsync(cancellationToken) is var own && own != wanted.Fingerprint)
                throw new CommandException($"--cert names {wanted.Fingerprint}, but the controller seals with its own newest certificate, {own ?? "which it does not tell"}; leave --cert (SEALED_SECRETS_CERT) out for that one");
            return resealer;
        }
        catch (CommandException)
        {
            resealer.Dispose();
            throw;
        }
    }

    public async Task<ResealedObject> ResealAsync(ManifestObject source, CancellationToken cancellationToken)
    {
        var before = ObjectDecoder.SealedSecret(source);
        var after = await ReEncryption.RotateAsync(_controller, source, _time, cancellationToken);
        var changes = new List<(string[], string)>();
        foreach (var (item, value) in after.Spec.EncryptedData ?? [])
        {
            if (before.Spec.EncryptedData![item] != value) changes.Add((["spec", "encryptedData", item], value));
        }
        if (!string.IsNullOrEmpty(before.Spec.Data) && after.Spec.Data is { } legacy && legacy != before.Spec.Data) changes.Add((["spec", "data"], legacy));
        var items = changes.Count;
        var old = before.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        var hint = after.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        // The original's controller knows no hint: it sends back the one that it got, whatever it sealed with.
        if (items > 0 && old is not null && (hint is null || hint == old)) hint = await FingerprintAsync(cancellationToken);
        KeyHint.Note(changes, old, hint);
        return new ResealedObject(changes, items, before.Spec.EncryptedData?.Count ?? 1, null);
    }

    public void Dispose() => _controller.Dispose();

    /// <summary>Of the certificate that seals now; <c>null</c> where it is none that can be sealed to.</summary>
    private async Task<string?> FingerprintAsync(CancellationToken cancellationToken) =>
        SealingCertificate.TryLoad(Encoding.UTF8.GetString(await _controller.CertificateAsync(cancellationToken)), out var certificate, out _) ? certificate.Fingerprint : null;
}
