namespace GitOpsSecrets.Api.Schema;

/// <summary>A column of <c>kubectl get</c>, in the order in which they stand.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string jsonPath) : Attribute
{
    public const string Ready = ".status.conditions[?(@.type==\"Ready\")].status";
    public const string ReadyReason = ".status.conditions[?(@.type==\"Ready\")].reason";

    public string Name { get; } = name;
    public string JsonPath { get; } = jsonPath;
    public string Type { get; init; } = "string";
}
