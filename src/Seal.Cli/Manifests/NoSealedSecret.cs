using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>What is said of an input without a SealedSecret: what it holds instead, and what to do about that.</summary>
internal static class NoSealedSecret
{
    private const int Named = 3;

    public static CommandException In(Manifest manifest)
    {
        var objects = manifest.Objects;
        if (objects.Count == 0) return new CommandException($"{manifest.Source} holds no SealedSecret: it is empty");
        var names = string.Join(", ", objects.Take(Named).Select(source => ManifestPlace.Describe(source.Node)));
        var remedy = objects.Any(source => source.Node.ContainsKey("sops")) ? "; what SOPS encrypted is for seal sops"
            : objects.Any(source => source.Kind == Secret.SecretKind) ? $"; seal it first: seal {(manifest.Source == ManifestPlace.StandardInput ? "< FILE" : $"-f {manifest.Source}")} -w SEALED-FILE" : "";
        return new CommandException($"{manifest.Source} holds no SealedSecret but {names}{(objects.Count > Named ? ", …" : "")}{remedy}");
    }
}
