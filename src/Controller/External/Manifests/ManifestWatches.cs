using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>Follows the kinds that ExternalSecrets write besides Secrets, from the first that does on.</summary>
internal sealed class ManifestWatches
{
    private readonly MetadataWatches watches;

    public ManifestWatches(KubeClient kube, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        watches = new MetadataWatches(kube, options.Namespaces, Slim, time, logger);
        watches.Changed += (kind, change) => Changed?.Invoke(kind, change);
    }

    /// <summary>An object of a kind, as <see cref="NameOf"/> has it, changed. Raised on the watch's thread.</summary>
    public event Action<string, ObjectChange<PartialObjectMetadata>>? Changed;

    public static string NameOf(TargetManifest manifest) => $"{manifest.ApiVersion} {manifest.Kind}";

    public void Follow(TargetManifest manifest, KubeResource resource) => watches.Follow(NameOf(manifest), () => resource);

    /// <summary>Objects that the ExternalSecret controls, of any kind that was followed so far.</summary>
    public IReadOnlyList<(string Name, KubeResource Resource, PartialObjectMetadata Found)> OwnedBy(ExternalSecret source) =>
        source.Metadata.Uid is { } uid ? [.. watches.OwnedBy(uid).Where(owned => owned.Found.Key.Namespace == source.Metadata.Namespace)] : [];

    public Task RunAsync(CancellationToken cancellationToken) => watches.RunAsync(cancellationToken);

    private static PartialObjectMetadata Slim(PartialObjectMetadata read) => new()
    {
        Key = read.Key,
        Uid = read.Uid,
        ResourceVersion = read.ResourceVersion,
        OwnerReferences = read.OwnerReferences.Count == 0 ? [] : [.. read.OwnerReferences.Where(owner => owner.Controller == true && TargetMetadata.IsExternalSecret(owner))],
    };
}
