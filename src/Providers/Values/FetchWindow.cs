namespace GitOpsSecrets.Providers.Values;

/// <summary>How old an answer may be.</summary>
/// <param name="NotBefore">It was asked for then, or later.</param>
/// <param name="Keep">How long a new answer is of use to others.</param>
public readonly record struct FetchWindow(DateTimeOffset NotBefore, TimeSpan Keep);
