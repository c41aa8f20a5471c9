using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>Turns objects of one kind into the Secrets that a cluster would make of them.</summary>
internal interface IObjectRendering
{
    /// <summary>Whether the object is of this kind and is to be rendered.</summary>
    bool Takes(ManifestObject source);

    /// <param name="source">An object that it takes.</param>
    /// <param name="text">The YAML text that the object was read from, if it stands alone there; comments are kept by it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>YAML documents, without markers; none when the cluster would make no Secret.</returns>
    /// <exception cref="RenderException">Any failure.</exception>
    Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken);
}
