using System.Collections.Frozen;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>The kinds of generators that there are.</summary>
public sealed class GeneratorCatalog(IEnumerable<IGenerator> generators)
{
    private readonly FrozenDictionary<string, IGenerator> byKind = generators.ToFrozenDictionary(generator => generator.Kind, StringComparer.Ordinal);

    public IGenerator? Find(string kind) => byKind.GetValueOrDefault(kind);

    public IEnumerable<IGenerator> All => byKind.Values;
}
