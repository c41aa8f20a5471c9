namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// How an answer says that there is no such secret: its status, and something in its body that only the store itself would say, since somebody
/// else's error page must not delete anything.
/// </summary>
/// <param name="Path">Must lead to something in the body; null where any body counts.</param>
/// <param name="Is">What must stand there, or be part of it; null when anything may.</param>
/// <param name="IsNot">What must not stand there, whole; null when anything may.</param>
/// <param name="IsEmpty">What stands there must be an empty list or object.</param>
internal sealed record MissingRule(int Status, TextPattern? Path, TextPattern? Is, TextPattern? IsNot, bool IsEmpty)
{
    public IEnumerable<string> Names => [.. Path?.Names ?? [], .. Is?.Names ?? [], .. IsNot?.Names ?? []];

    public bool Holds(DeclaredAnswer answer, Variables variables)
    {
        if (answer.Status != Status) return false;
        if (Path is null) return true;
        if (answer.Find(Path.Text(variables)) is not { } found) return false;
        using (found)
        {
            if (IsEmpty) return found.IsEmptyContainer;
            if (IsNot is not null && found.Text == IsNot.Text(variables)) return false;
            return Is is null || found.Text.Contains(Is.Text(variables), StringComparison.OrdinalIgnoreCase);
        }
    }
}
