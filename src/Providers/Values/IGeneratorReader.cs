using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Values;

/// <summary>Knows the generators, and what they may read.</summary>
public interface IGeneratorReader
{
    /// <summary>What a <c>generatorRef</c> names, seen from a namespace.</summary>
    /// <exception cref="ValuesException">There is none, or it cannot be read.</exception>
    Task<NamedGenerator> ReadAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken);

    /// <summary>Credentials that a generator's spec names, in the namespace of whoever uses it.</summary>
    IStoreCluster ClusterOf(string @namespace);
}
