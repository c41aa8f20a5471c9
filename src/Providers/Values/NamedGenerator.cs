using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Values;

/// <summary>A generator that a <c>generatorRef</c> names: of a namespace, or of the cluster.</summary>
/// <param name="Kind">Which generator it is.</param>
/// <param name="Spec">What it is told.</param>
/// <param name="Resource">As it is now, as an object of a namespace: from that, what it makes can be taken back when it is gone.</param>
public sealed record NamedGenerator(string Kind, JsonElement Spec, JsonElement Resource)
{
    private const string SpecRoot = "spec";

    /// <summary>The class of the controller that it is for; null for any.</summary>
    public string? Class => Spec.ValueKind == JsonValueKind.Object && Spec.TryGetProperty("controller", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } said ? said : null;

    /// <summary>Where the generator's spec stands in the manifest: not at the top in a ClusterGenerator.</summary>
    public string Root { get; init; } = SpecRoot;

    /// <summary>Which edition of its spec this is; null when nobody counts them.</summary>
    public long? Generation { get; init; }

    /// <summary>The path in the manifest of a field of the generator's <c>spec</c>.</summary>
    public string InManifest(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return Root + field[SpecRoot.Length..];
    }

    public static NamedGenerator Of(GeneratorRef reference, Generator generator, string @namespace)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(generator);
        var spec = generator.Spec ?? JsonDocument.Parse("{}").RootElement;
        return new NamedGenerator(reference.Kind, spec, Snapshot(reference.Kind, reference.Name, @namespace, spec)) { Generation = generator.Metadata.Generation };
    }

    /// <exception cref="ValuesException">It says not what it is, or is another thing than it says.</exception>
    public static NamedGenerator Of(GeneratorRef reference, ClusterGenerator generator, string @namespace)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(generator);
        var kind = generator.Spec.Kind ?? throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" names no kind");
        var block = generator.Spec.Generator?.Name is null ? throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" must have exactly one generator") : generator.Spec.Generator;
        // passwordSpec for Password, mfaSpec for MFA
        if (!string.Equals(block.Name, kind + "Spec", StringComparison.OrdinalIgnoreCase))
            throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" is of kind {kind} and has a {block.Name}: the spec must be that of the kind");
        var options = block.Options;
        return new NamedGenerator(kind, options, Snapshot(kind, reference.Name, @namespace, options)) { Generation = generator.Metadata.Generation, Root = $"{SpecRoot}.generator.{block.Name}" };
    }

    private static JsonElement Snapshot(string kind, string name, string @namespace, JsonElement spec) => JsonSerializer.SerializeToElement(
        new Generator { ApiVersion = ExternalSecretNames.GeneratorGroupVersion, Kind = kind, Metadata = new ObjectMeta { Name = name, Namespace = @namespace }, Spec = spec },
        ApiJson.Compact.Generator);
}
