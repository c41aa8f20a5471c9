using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Controller.External;

/// <summary>The providers and generators of this controller: one line each.</summary>
internal static class KnownProviders
{
    public static ProviderCatalog Stores() => new([]);

    public static GeneratorCatalog Generators() => new([]);

    public static IProviderHttp Http(TimeProvider time) => new NoHttp(time);

    private sealed class NoHttp(TimeProvider time) : IProviderHttp
    {
        public HttpClient Create(HttpSettings settings) => throw new ProviderException(ProviderFailureKind.Unavailable, $"no HTTP yet ({time.GetUtcNow():O})");
    }
}
