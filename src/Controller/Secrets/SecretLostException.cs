using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>A Secret was deleted to be made anew, and then neither the new nor the old one could be written.</summary>
internal sealed class SecretLostException(Exception cause) : Exception("the Secret was deleted to be made anew, and neither the new nor the old one could be written", cause)
{
    /// <summary>Why the new one was not taken, where the API server said so.</summary>
    public KubeApiException? Refusal => InnerException as KubeApiException;
}
