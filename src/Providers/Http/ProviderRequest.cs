namespace GitOpsSecrets.Providers.Http;

/// <summary>What a provider says about one of its requests.</summary>
public static class ProviderRequest
{
    /// <summary>Whether the same request may be sent twice; where it is not said, the method decides. A read by POST says yes.</summary>
    public static HttpRequestOptionsKey<bool> MayRepeat { get; } = new("GitOpsSecrets.MayRepeat");
}
