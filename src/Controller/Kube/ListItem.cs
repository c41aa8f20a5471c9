namespace GitOpsSecrets.Controller.Kube;

/// <summary>One object of a list. One that does not read as its kind spoils itself, not the list.</summary>
/// <param name="Value">The object, or <c>null</c> if it could not be read.</param>
/// <param name="Unreadable">What is known of the object that could not be read.</param>
internal readonly record struct ListItem<T>(T? Value, UnreadableObject? Unreadable)
    where T : class;
