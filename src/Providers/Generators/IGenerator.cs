namespace GitOpsSecrets.Providers.Generators;

/// <summary>Makes values rather than fetching them: one kind of <c>generators.external-secrets.io</c>. Stateless.</summary>
public interface IGenerator
{
    /// <summary>The kind, such as <c>Password</c>; of a ClusterGenerator, what its <c>spec.kind</c> says.</summary>
    string Kind { get; }

    /// <summary>What is wrong with the spec as written, in words for its author, without a call to anywhere; empty when nothing is.</summary>
    IReadOnlyList<string> Check(GeneratorRequest request);

    /// <summary>Fields of the spec that were given and have no effect, such as <c>spec.length</c>, without a call to anywhere. Of a spec in which <see cref="Check"/> finds nothing.</summary>
    IEnumerable<string> Unused(GeneratorRequest request) => [];

    /// <exception cref="ProviderException">The spec or the credentials are wrong, or the service cannot be reached.</exception>
    Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken);
}
