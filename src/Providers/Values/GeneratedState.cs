using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Values;

/// <summary>What a generator needs to take its values back some day, to be kept in a GeneratorState.</summary>
/// <param name="Reference">The generator, as it was named.</param>
/// <param name="Resource">The generator, as it was then.</param>
/// <param name="State">What it said.</param>
public sealed record GeneratedState(GeneratorRef Reference, JsonElement Resource, JsonElement State);
