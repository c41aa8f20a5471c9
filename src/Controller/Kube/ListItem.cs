using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>One object of a list. One that does not read as its kind spoils itself, not the list.</summary>
/// <param name="Value">The object, or <c>null</c> if it could not be read.</param>
/// <param name="UnreadableKey">The name of the object that could not be read.</param>
internal readonly record struct ListItem<T>(T? Value, NamespacedName UnreadableKey)
    where T : class;
