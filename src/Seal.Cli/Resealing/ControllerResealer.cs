using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Resealing;

/// <summary>Has the cluster's controller do it: no private key leaves the cluster.</summary>
internal sealed class ControllerResealer : IObjectResealer
{
    private readonly ControllerClient _controller;

    private ControllerResealer(ControllerClient controller) => _controller = controller;

    public static async Task<ControllerResealer> OpenAsync(ParsedFlags flags, CancellationToken cancellationToken) =>
        new(await ControllerClient.OpenAsync(flags, cancellationToken));

    public async Task<ResealedObject> ResealAsync(ManifestObject source, CancellationToken cancellationToken)
    {
        var before = ObjectDecoder.SealedSecret(source);
        var after = await ReEncryption.RotateAsync(_controller, source, cancellationToken);
        var changes = new List<(string[], string)>();
        foreach (var (item, value) in after.Spec.EncryptedData ?? [])
        {
            if (before.Spec.EncryptedData![item] != value) changes.Add((["spec", "encryptedData", item], value));
        }
        if (!string.IsNullOrEmpty(before.Spec.Data) && after.Spec.Data is { } legacy && legacy != before.Spec.Data) changes.Add((["spec", "data"], legacy));
        var items = changes.Count;
        var hint = after.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        if (items > 0 && hint is not null && hint != before.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint))
            changes.Add((["metadata", "annotations", SealedSecretAnnotations.SealingKeyHint], hint));
        return new ResealedObject(changes, items, before.Spec.EncryptedData?.Count ?? 1, null);
    }

    public void Dispose() => _controller.Dispose();
}
