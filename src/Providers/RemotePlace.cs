namespace GitOpsSecrets.Providers;

/// <summary>Where something is pushed to: a remote secret, or one property of it (null: the whole secret).</summary>
public sealed record RemotePlace(string Key, string? Property);
