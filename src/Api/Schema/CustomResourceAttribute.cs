namespace GitOpsSecrets.Api.Schema;

/// <summary>The record is a kind of its own, with a definition (CRD).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomResourceAttribute(string group, string kind, string plural) : Attribute
{
    public string Group { get; } = group;
    public string Kind { get; } = kind;
    public string Plural { get; } = plural;

    /// <summary>Served versions; the first is the one stored.</summary>
    public string[] Versions { get; init; } = ["v1"];
    public string? ShortName { get; init; }
    public bool Cluster { get; init; }
    public string[] Categories { get; init; } = ["external-secrets"];

    /// <summary>Whether status is written through a door of its own.</summary>
    public bool StatusDoor { get; init; } = true;

    /// <summary>Fields by which a list can be narrowed, on API servers from 1.31 on.</summary>
    public string[] SelectableFields { get; init; } = [];
}
