using System.Globalization;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Puts a failure into words for the log: types, codes and reasons, never messages, which may carry what must not be logged.</summary>
internal static class KubeFailure
{
    public static string Describe(Exception exception) => exception switch
    {
        // A right that is missing is told by who wants it; of lists it is told elsewhere.
        KubeApiException { IsForbidden: true, Resource: { } resource, Verb: not "read" and var verb } => $"API server: 403 Forbidden to {verb} {resource}",
        KubeApiException api => string.Create(CultureInfo.InvariantCulture, $"API server: {api.Code} {api.Reason}"),
        KubeTransportException { InnerException: { } inner, Through: var through } => $"no answer{through}: {inner.GetBaseException().GetType().Name}",
        _ => exception.GetType().Name,
    };
}
