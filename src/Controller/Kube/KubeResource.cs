using System.Text;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Where objects of one kind live on the API server.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">Such as <c>v1alpha1</c>.</param>
/// <param name="Plural">Such as <c>sealedsecrets</c>.</param>
/// <param name="Namespaced">Whether objects live in namespaces.</param>
internal sealed record KubeResource(string Group, string Version, string Plural, bool Namespaced = true)
{
    /// <summary>What an object's <c>apiVersion</c> says.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>plural.group</c>, as the API server calls it in messages.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The path of the collection: of one namespace, or of all when <paramref name="ns"/> is <c>null</c> or empty.</summary>
    public string CollectionPath(string? ns)
    {
        var path = new StringBuilder(Group.Length == 0 ? "api/" : "apis/");
        if (Group.Length > 0)
        {
            path.Append(Uri.EscapeDataString(Group)).Append('/');
        }

        path.Append(Uri.EscapeDataString(Version)).Append('/');
        if (Namespaced && !string.IsNullOrEmpty(ns))
        {
            path.Append("namespaces/").Append(Segment(ns)).Append('/');
        }

        return path.Append(Uri.EscapeDataString(Plural)).ToString();
    }

    /// <summary>The path of one object, or of one of its subresources.</summary>
    public string ObjectPath(NamespacedName key, string? subresource = null)
    {
        if (Namespaced && key.Namespace.Length == 0)
        {
            throw new ArgumentException($"{this} live in namespaces, and none is given", nameof(key));
        }

        var path = $"{CollectionPath(key.Namespace)}/{Segment(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    // Uri would resolve "." and ".." away and so address another object.
    private static string Segment(string name) =>
        name is "" or "." or ".." ? throw new ArgumentException("not a name of an object", nameof(name)) : Uri.EscapeDataString(name);
}
