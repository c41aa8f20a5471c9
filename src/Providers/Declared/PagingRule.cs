namespace GitOpsSecrets.Providers.Declared;

/// <summary>How a long list comes in pieces: by a number that goes up, or by what the last piece says.</summary>
/// <param name="Variable"><c>page</c>, <c>offset</c> or <c>cursor</c>.</param>
/// <param name="First">The first number; null for a cursor, which the first request has none of.</param>
/// <param name="By">What the number goes up by.</param>
/// <param name="Size">A piece with fewer elements is the last.</param>
/// <param name="Next">Where an answer has the next cursor; null for numbers.</param>
/// <param name="IsHeader">Whether <paramref name="Next"/> is a header.</param>
internal sealed record PagingRule(string Variable, int? First, int By, int Size, string? Next, bool IsHeader = false);
