namespace GitOpsSecrets.Providers.Values;

/// <summary>The values of an ExternalSecret, before its template.</summary>
/// <param name="Values">Zeroed with this.</param>
/// <param name="FetchedAt">When the oldest of them was asked for; null when nothing was asked.</param>
/// <param name="Missing">Entries that were left out because the store has nothing there, in words for an event.</param>
/// <param name="States">What stateful generators have to remember.</param>
/// <param name="Generators">Which generators made some of them, in the order of the entries.</param>
/// <param name="Unused">Paths of fields that were given and have no effect.</param>
public sealed record CollectedValues(
    SecretValues Values, DateTimeOffset? FetchedAt, IReadOnlyList<string> Missing, IReadOnlyList<GeneratedState> States, IReadOnlyList<UsedGenerator> Generators, IReadOnlyList<string> Unused) : IDisposable
{
    /// <summary>When the first of those that generators made stops to work; null when none does, or it is not known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public void Dispose() => Values.Dispose();

    public override string ToString() => Values.ToString();
}
