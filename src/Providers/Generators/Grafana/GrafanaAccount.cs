namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>A service account of Grafana.</summary>
/// <param name="Role">Null where Grafana does not say.</param>
internal sealed record GrafanaAccount(long Id, string Login, string? Role);
