namespace GitOpsSecrets.Providers.Generators.Gitlab;

/// <summary>Which token was made, and where, in the original's form: so that what it made can be taken back here.</summary>
internal sealed record GitlabState(string? Url, string? ProjectID, string? GroupID, long TokenID);
