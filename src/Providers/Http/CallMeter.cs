namespace GitOpsSecrets.Providers.Http;

/// <summary>Tells the observer of each call of one store, with its outcome and duration.</summary>
/// <param name="provider">The original's label, such as <c>Kubernetes</c>.</param>
public sealed class CallMeter(ICallObserver calls, string provider, TimeProvider time)
{
    /// <param name="operation">The original's name of the call, such as <c>GetSecret</c>.</param>
    public async Task<T> MeasureAsync<T>(string operation, Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var start = time.GetTimestamp();
        var succeeded = false;
        try
        {
            var result = await call().ConfigureAwait(false);
            succeeded = true;
            return result;
        }
        finally
        {
            calls.Called(provider, operation, succeeded, time.GetElapsedTime(start));
        }
    }
}
