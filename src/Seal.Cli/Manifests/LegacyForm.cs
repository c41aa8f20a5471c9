using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary><c>spec.data</c>, the form of the first versions: everything in one value, beside which no items may be.</summary>
internal static class LegacyForm
{
    /// <exception cref="CommandException">The object has it, so that nothing can be added.</exception>
    public static void Refuse(SealedSecret value, string path)
    {
        if (!string.IsNullOrEmpty(value.Spec.Data)) throw new CommandException($"{path}: spec.data is the old form of a SealedSecret, which holds everything in one value; seal the whole Secret again");
    }
}
