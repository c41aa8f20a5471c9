namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>The query parameters of a write.</summary>
/// <param name="FieldValidation"><c>Strict</c>, <c>Warn</c> or <c>Ignore</c>.</param>
internal sealed record WriteOptions(string FieldManager, bool IsDryRun, string FieldValidation, string Subresource)
{
    /// <summary>Filled with what a client should be told, sent as <c>Warning</c> headers.</summary>
    public List<string> Warnings { get; } = [];

    public static WriteOptions Internal(string manager) => new(manager, false, "Ignore", "");
}
