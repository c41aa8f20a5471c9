using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>One served resource in one version: how it is named, stored, described and checked.</summary>
internal sealed record ResourceType
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public string Singular { get; init; } = "";

    public string ListKind => ListKindOverride ?? Kind + "List";

    public string? ListKindOverride { get; init; }

    public bool IsNamespaced { get; init; } = true;

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool HasStatus { get; init; }

    /// <summary>Null when there is no subresource <c>scale</c>.</summary>
    public ScaleFields? Scale { get; init; }

    /// <summary>Whether <c>metadata.generation</c> counts changes outside metadata and status.</summary>
    public bool CountsGenerations { get; init; }

    public required TypeSchema Schema { get; init; }

    /// <summary>Name of the schema in the OpenAPI documents.</summary>
    public required string DefinitionName { get; init; }

    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    /// <summary>Whether objects are of a custom resource: validated, pruned and defaulted by schema.</summary>
    public bool IsCustom { get; init; }

    public ResourceRules Rules { get; init; } = ResourceRules.None;

    /// <summary>The version objects are stored in, when it is another; two resources with one <see cref="Collection"/> share their objects.</summary>
    public string StorageApiVersion { get; init; } = "";

    public string? CollectionOverride { get; init; }

    /// <summary>From the stored form to this version's.</summary>
    public Action<JsonObject>? FromStorage { get; init; }

    /// <summary>From this version's form to the stored one.</summary>
    public Action<JsonObject>? ToStorage { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string Collection => CollectionOverride ?? GroupResource;

    public bool StoredAsServed => StorageApiVersion.Length == 0 || StorageApiVersion == ApiVersion;
}
