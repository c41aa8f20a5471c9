using System.Security.Cryptography;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>All that a generator gets.</summary>
/// <param name="Namespace">The namespace of whoever wants the values; credentials are read there.</param>
/// <param name="Spec">The generator's <c>spec</c>.</param>
/// <param name="Cluster">Credentials that the spec names.</param>
/// <param name="Http">Where HTTP clients come from.</param>
/// <param name="Calls">Counts calls to services.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Where chance comes from: in production the operating system's.</param>
public sealed record GeneratorRequest(
    string Namespace,
    JsonElement Spec,
    IStoreCluster Cluster,
    IProviderHttp Http,
    ICallObserver Calls,
    TimeProvider Time,
    RandomNumberGenerator Random);
