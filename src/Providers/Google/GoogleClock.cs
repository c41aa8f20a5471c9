using global::Google.Apis.Util;

namespace GitOpsSecrets.Providers.Google;

/// <summary>The clock of this process, for Google's library.</summary>
internal sealed class GoogleClock(TimeProvider time) : IClock
{
    public DateTime Now => time.GetLocalNow().DateTime;

    public DateTime UtcNow => time.GetUtcNow().UtcDateTime;
}
