using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>The generators of the cluster: read when they are used.</summary>
/// <param name="isForeign">Whether a class is that of another controller.</param>
internal sealed class GeneratorReader(KubeClient kube, GeneratorCredentials credentials, Func<string?, bool> isForeign, TimeProvider time) : IGeneratorReader
{
    public IStoreCluster ClusterOf(string @namespace)
    {
        var cluster = new StoreCluster(kube, @namespace, null, time);
        cluster.WasRead += credentials.Read;
        return cluster;
    }

    /// <exception cref="ForeignGeneratorException">It is another controller's.</exception>
    public async Task<NamedGenerator> ReadAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken)
    {
        var generator = await FindAsync(reference, @namespace, cancellationToken).ConfigureAwait(false);
        return isForeign(generator.Class) ? throw new ForeignGeneratorException(reference.Kind, reference.Name, generator.Class!) : generator;
    }

    private async Task<NamedGenerator> FindAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            return reference.Kind == GeneratorKinds.ClusterGenerator
                ? NamedGenerator.Of(reference, await FindAsync(ExternalKinds.ClusterGenerators, "").ConfigureAwait(false), @namespace)
                : NamedGenerator.Of(reference, await FindAsync(ExternalKinds.Generators(reference.Kind), @namespace).ConfigureAwait(false), @namespace);
        }
        catch (KubeApiException refused)
        {
            throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" cannot be read: the API server answers {refused.Code} {refused.Reason}", ProviderFailureKind.Unavailable);
        }

        async Task<T> FindAsync<T>(KubeKind<T> kind, string from)
            where T : class =>
            await kube.FindAsync(kind, new NamespacedName(from, reference.Name), cancellationToken).ConfigureAwait(false)
                ?? throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" not found");
    }
}
