namespace GitOpsSecrets.Controller.Kube;

/// <summary>One of several things that are wrong with an object. Its words may quote the object, and are not read.</summary>
internal sealed record KubeStatusCause
{
    /// <summary>A path, such as <c>spec.rules[0].port</c>.</summary>
    public string? Field { get; init; }

    /// <summary>Which sort of mistake it is, such as <c>FieldValueTooLong</c>. A webhook may put anything here.</summary>
    public string? Reason { get; init; }
}
