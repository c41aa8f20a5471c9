namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>A service account of Grafana.</summary>
internal sealed record GrafanaAccount(long Id, string Login);
