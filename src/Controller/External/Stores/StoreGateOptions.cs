namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>How much one store is asked, and when it is left alone.</summary>
internal sealed record StoreGateOptions
{
    /// <summary>Negative: no limit.</summary>
    public double CallsPerSecond { get; init; } = 100;

    public int Burst { get; init; } = 200;

    /// <summary>Calls in a row that find the store unavailable or throttling: for one key, of that key; for the store, of as many different keys.</summary>
    public int FailuresToOpen { get; init; } = 5;

    /// <summary>Of how many keys that fail, and of how many that were answered, is known that they did.</summary>
    public int KeysRemembered { get; init; } = 2000;

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>However long the store asks to be left alone.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(10);
}
