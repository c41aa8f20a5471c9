namespace GitOpsSecrets.Api;

/// <summary>How people and tools ask for an object to be looked at now: <c>flux reconcile</c> sets the annotation, so can <c>kubectl annotate</c>.</summary>
public static class ReconcileRequest
{
    public const string Annotation = "reconcile.fluxcd.io/requestedAt";

    /// <summary>Whether somebody asked since the status recorded the last request.</summary>
    public static bool IsOpen(ObjectMeta metadata, string? lastHandled) => metadata.Annotation(Annotation) is { Length: > 0 } asked && asked != lastHandled;
}
