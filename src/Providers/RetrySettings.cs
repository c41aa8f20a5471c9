namespace GitOpsSecrets.Providers;

/// <summary><c>spec.retrySettings</c> of a store. Whoever asks for more than a pass can wait for gets the most that there is.</summary>
/// <param name="MaxRetries">How often a call is repeated, <see cref="MostRetries"/> times at most; null leaves it to the provider.</param>
/// <param name="Interval">The fixed wait between attempts, <see cref="LongestInterval"/> at most; null leaves it to the provider.</param>
public sealed record RetrySettings(int? MaxRetries, TimeSpan? Interval)
{
    public const int MostRetries = 10;

    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    public int? MaxRetries { get; } = MaxRetries > MostRetries ? MostRetries : MaxRetries;

    public TimeSpan? Interval { get; } = Interval > LongestInterval ? LongestInterval : Interval;

    /// <summary>Waited for before each repetition: it is a call like the first, and the store is to be asked only so often.</summary>
    public Func<CancellationToken, Task>? Turn { get; init; }
}
