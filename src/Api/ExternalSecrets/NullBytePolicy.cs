namespace GitOpsSecrets.Api.ExternalSecrets;

public static class NullBytePolicy
{
    public const string Ignore = "Ignore";
    public const string Fail = "Fail";
}
