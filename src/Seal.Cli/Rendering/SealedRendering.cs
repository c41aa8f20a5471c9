using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>SealedSecrets, opened with private keys at hand: for tests and for recovery. Without keys they stay what they are.</summary>
internal sealed class SealedRendering(KeyRing keys, TimeProvider time) : IObjectRendering
{
    public bool Takes(ManifestObject source) => ObjectDecoder.IsSealedSecret(source);

    public Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        SealedSecret sealedSecret;
        try
        {
            sealedSecret = ObjectDecoder.SealedSecret(source);
        }
        catch (CommandException failure)
        {
            throw new RenderException(failure.Problem ?? failure.Message, failure);
        }
        using var result = Unsealer.Unseal(sealedSecret, keys, UnsealOptions.Default with { Templates = SealedTemplates.Renderer(time) });
        if (!result.Succeeded) throw new RenderException(result.Failure.Explanation);
        return Task.FromResult<IReadOnlyList<string>>([RenderedSecret.Write(result.Opened.Secret, source)]);
    }
}
