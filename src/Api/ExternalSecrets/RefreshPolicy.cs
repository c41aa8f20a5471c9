namespace GitOpsSecrets.Api.ExternalSecrets;

public static class RefreshPolicy
{
    public const string CreatedOnce = "CreatedOnce";
    public const string Periodic = "Periodic";
    public const string OnChange = "OnChange";
}
