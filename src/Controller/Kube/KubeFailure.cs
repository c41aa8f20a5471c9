using System.Globalization;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Puts a failure into words for the log: types, codes and reasons, never messages, which may carry what must not be logged.</summary>
internal static class KubeFailure
{
    public static string Describe(Exception exception) => exception switch
    {
        KubeApiException api => string.Create(CultureInfo.InvariantCulture, $"API server: {api.Code} {api.Reason}"),
        KubeTransportException { InnerException: { } inner, Through: var through } => $"no answer{through}: {inner.GetBaseException().GetType().Name}",
        _ => exception.GetType().Name,
    };
}
