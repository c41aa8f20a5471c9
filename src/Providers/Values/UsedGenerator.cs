using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Values;

/// <summary>A generator that made values, and which edition of its spec it was.</summary>
/// <param name="Generation">Null when it is not known.</param>
public sealed record UsedGenerator(GeneratorRef Reference, long? Generation);
