using System.Globalization;
using GitOpsSecrets.GoTemplate;

namespace GitOpsSecrets.Providers.Values;

/// <summary>The time that all rewrites of one entry have together, whatever the number of keys.</summary>
internal sealed class RewriteLimits(ExecuteOptions execution)
{
    private readonly long started = execution.Time.GetTimestamp();

    /// <summary>The limits for the next key: of the time, what the ones before have left.</summary>
    /// <exception cref="ValuesException">Nothing is left.</exception>
    public ExecuteOptions Next()
    {
        var left = execution.Limits.MaxTime - execution.Time.GetElapsedTime(started);
        return left > TimeSpan.Zero
            ? execution with { Limits = execution.Limits with { MaxTime = left } }
            : throw new ValuesException(string.Create(CultureInfo.InvariantCulture, $"rewrite: all keys together took longer than {execution.Limits.MaxTime.TotalSeconds} s"));
    }
}
