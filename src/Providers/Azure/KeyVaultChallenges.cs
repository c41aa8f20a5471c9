using global::Azure.Core;
using global::Azure.Core.Pipeline;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Tells apart what a library makes of a challenge from what it makes of an answer: inside its pipeline it is a challenge that makes no sense, or asks for a token for another domain.</summary>
internal sealed class KeyVaultChallenges(Uri vault) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is (InvalidOperationException and not ObjectDisposedException) or FormatException or IndexOutOfRangeException)
        {
            throw new ProviderException(ProviderFailureKind.Denied, $"{vault.Host} asks for a token for another domain than its own, or for none that makes sense: is spec.provider.azurekv.vaultUrl right?");
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("nobody waits here");
}
