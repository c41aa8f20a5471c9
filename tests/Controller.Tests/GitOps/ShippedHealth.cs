namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>
/// The health checks that Argo CD ships, as rules in our words; or its own, where <c>ARGOCD_CUSTOMIZATIONS</c> names the folder
/// <c>resource_customizations</c> of its repository.
/// </summary>
internal static class ShippedHealth
{
    private const string Variable = "ARGOCD_CUSTOMIZATIONS";

    /// <summary>The first verdict on Synced counts; none yet means wait.</summary>
    public static string SealedSecret => Own("bitnami.com", "SealedSecret") ?? FirstVerdict("Synced");

    /// <summary>The last condition counts, and three are known.</summary>
    public static string ClusterExternalSecret => Own("external-secrets.io", "ClusterExternalSecret") ??
        """
        local all = (obj.status or {}).conditions or {}
        local c = all[#all]
        local verdicts = { Ready = "Healthy", PartiallyReady = "Degraded", NotReady = "Degraded" }
        if c ~= nil and c.status == "True" and verdicts[c.type] then
          return { status = verdicts[c.type], message = c.message }
        end
        return { status = "Progressing", message = "Waiting for it" }
        """;

    /// <summary>ExternalSecret, PushSecret, SecretStore or ClusterSecretStore: Ready counts, once it is decided.</summary>
    public static string Of(string kind) => Own("external-secrets.io", kind) ?? FirstVerdict("Ready");

    private static string FirstVerdict(string condition) =>
        $$"""
        for _, c in ipairs((obj.status or {}).conditions or {}) do
          if c.type == "{{condition}}" and (c.status == "True" or c.status == "False") then
            return { status = c.status == "True" and "Healthy" or "Degraded", message = c.message }
          end
        end
        return { status = "Progressing", message = "Waiting for it" }
        """;

    private static string? Own(string group, string kind) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? File.ReadAllText(Path.Combine(folder, group, kind, "health.lua")) : null;
}
