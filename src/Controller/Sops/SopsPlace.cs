using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>Which SopsSecrets may hold a ciphertext, in its author's words: <c>namespace/name</c>, <c>namespace/*</c>, or <c>*</c>.</summary>
/// <param name="Namespace"><c>null</c> for any.</param>
/// <param name="Name"><c>null</c> for any.</param>
internal readonly record struct SopsPlace(string? Namespace, string? Name)
{
    private const string Any = "*";

    /// <returns><c>null</c> when the text is none of the three forms.</returns>
    public static SopsPlace? TryParse(string text)
    {
        if (text == Any) return new SopsPlace(null, null);
        return text.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } name] && ns != Any ? new SopsPlace(ns, name == Any ? null : name) : null;
    }

    public bool Allows(NamespacedName key) => (Namespace is null || Namespace == key.Namespace) && (Name is null || Name == key.Name);

    public override string ToString() => Namespace is null ? Any : $"{Namespace}/{Name ?? Any}";
}
