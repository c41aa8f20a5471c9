using System.Text.Json;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>A generator whose values live somewhere until they are taken back, so that each has a GeneratorState.</summary>
public interface ICleanUp : IGenerator
{
    /// <summary>Takes back what was generated; fine when it is gone already.</summary>
    /// <param name="request">The generator as it was then.</param>
    /// <param name="state">What <see cref="Generated.State"/> said.</param>
    /// <exception cref="ProviderException">The service refused or cannot be reached.</exception>
    Task CleanUpAsync(GeneratorRequest request, JsonElement state, CancellationToken cancellationToken);
}
