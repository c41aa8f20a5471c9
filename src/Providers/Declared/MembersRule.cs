namespace GitOpsSecrets.Providers.Declared;

/// <summary>How an element of a list is asked for, whose members are what is found. Its own members are known to the steps, its name, and the parts of that before and behind its last slash.</summary>
/// <param name="IsUnder">Whether it is the last part of the element's name that is searched for, and members are found below its whole name; otherwise they are searched themselves, and the first to have a name is found.</param>
/// <param name="Tags">Where the answer has the tags; null where the list has them, or nobody.</param>
internal sealed record MembersRule(IReadOnlyList<StepRule> Steps, IReadOnlyList<ResultRule> Results, bool IsUnder, string? Tags)
{
    /// <summary>Members that lie elsewhere; null for none.</summary>
    public MemberFiles? Files { get; init; }
}
