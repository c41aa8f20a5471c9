using Amazon.Runtime;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// One service of AWS in one region, by a client of the SDK (docs/design/0023-aws.md): each call is counted, and its failure told in AWS's own words; throttled calls are repeated, and credentials
/// that have ended are replaced once.
/// </summary>
/// <param name="open">Gives the SDK's client for credentials.</param>
internal sealed class AwsClient<T>(Func<AWSCredentials, T> open, AwsFailures failures, AwsIdentity identity, AwsPatience patience, CallMeter meter) where T : AmazonServiceClient
{
    private Opened? current;

    /// <param name="operation">As AWS names it; also the name under which it is counted.</param>
    /// <param name="carriesValue">Whether a value goes with it, so that AWS's reasons are not told.</param>
    /// <param name="absent">Codes of errors that say that there is nothing.</param>
    /// <returns>Null when there is nothing.</returns>
    /// <exception cref="ProviderException">Every other failure, with AWS's own code and reason.</exception>
    public Task<TAnswer?> CallAsync<TAnswer>(
        string operation, Func<T, CancellationToken, Task<TAnswer>> call, CancellationToken cancellationToken, bool carriesValue = false, params IReadOnlyCollection<string> absent) where TAnswer : class => meter.MeasureAsync(
        operation,
        () => patience.TryAsync(
            async stop =>
            {
                try
                {
                    return (TAnswer?)await CallAsync(call, stop).ConfigureAwait(false);
                }
                catch (AwsRefusedException refused) when (absent.Contains(refused.ErrorCode))
                {
                    return null;
                }
                catch (Exception failure) when (AwsFailures.IsUntold(failure))
                {
                    throw failures.Of(failure, operation, stop, carriesValue);
                }
            },
            cancellationToken));

    /// <summary>Of an answer that AWS would not give.</summary>
    public ProviderException Foreign(string operation) => failures.Foreign(operation);

    private async Task<TAnswer> CallAsync<TAnswer>(Func<T, CancellationToken, Task<TAnswer>> call, CancellationToken cancellationToken)
    {
        var credentials = await identity.ReadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(Library(credentials), cancellationToken).ConfigureAwait(false);
        }
        catch (AwsRefusedException refused) when (AwsErrors.IsAboutDeadCredentials(refused.ErrorCode))
        {
            await identity.ForgetAsync(credentials, cancellationToken).ConfigureAwait(false);
        }
        return await call(Library(await identity.ReadAsync(cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
    }

    // It holds nothing but settings, so that one which is not used any more needs no end.
    private T Library(AwsCredentials credentials)
    {
        if (current is not { } opened || opened.For != credentials) current = opened = new(credentials, open(credentials.ForSdk()));
        return opened.Library;
    }

    private sealed record Opened(AwsCredentials For, T Library);
}
