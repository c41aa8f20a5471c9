using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Resealing;

/// <summary>Seals one object anew: by keys at hand, or by the controller. Safe for use from many threads.</summary>
internal interface IObjectResealer : IDisposable
{
    /// <exception cref="CommandException">The object cannot be read, or nobody answers.</exception>
    Task<ResealedObject> ResealAsync(ManifestObject source, CancellationToken cancellationToken);
}
