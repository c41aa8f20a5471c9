namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>A request that the simulator got.</summary>
internal sealed record GoogleSeen(string Method, string Path, string Query, string Authorization, string Body);
