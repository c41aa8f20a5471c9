using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>Calls of services that speak JSON.</summary>
internal static class AwsJsonCalls
{
    /// <returns>The answer, or an error that was expected; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other failure, with AWS's own code and reason.</exception>
    public static async Task<AwsAnswer> SendAsync(this AwsClient<AwsJsonClient> aws, AwsCall call, CancellationToken cancellationToken)
    {
        try
        {
            return (await aws.CallAsync(call.Operation, SendAsync, cancellationToken, call.CarriesValue).ConfigureAwait(false))!;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(call.Body);
        }

        async Task<AwsAnswer> SendAsync(AwsJsonClient client, CancellationToken stop)
        {
            try
            {
                if (await client.SendAsync(call, stop).ConfigureAwait(false) is { } answer) return answer;
                // Where nobody waits any more, the SDK lets go of an answer that is being read.
                stop.ThrowIfCancellationRequested();
                throw aws.Foreign(call.Operation);
            }
            catch (AwsRefusedException refused) when (refused.Error is { } error && call.Expected.Contains(error.Code))
            {
                return AwsAnswer.Of(error);
            }
        }
    }
}
