namespace GitOpsSecrets.Controller.Kube;

/// <summary>What was to be done with a resource, as <see cref="KubeApiException.Verb"/> says it.</summary>
internal static class KubeVerb
{
    public const string Read = "read";
    public const string Create = "create";
    public const string Update = "update";
}
