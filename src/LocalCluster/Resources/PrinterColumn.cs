namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Path">JSONPath below the object, for example <c>.spec.size</c>.</param>
/// <param name="Priority">0: always shown; more: with <c>-o wide</c>.</param>
internal sealed record PrinterColumn(string Name, string Type, string Path, int Priority = 0, string Description = "", string Format = "");
