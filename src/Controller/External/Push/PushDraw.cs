using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What a generator made for one refresh, and where it lies by now. Disposing it zeroes the values.</summary>
/// <param name="values">Its own.</param>
/// <param name="at">When it was made.</param>
/// <param name="renewAt">When it is made anew, since it ends; null when it does not.</param>
internal sealed class PushDraw(SecretValues values, UsedGenerator used, IReadOnlyList<GeneratorState> states, DateTimeOffset at, DateTimeOffset? renewAt) : IDisposable
{
    private readonly Dictionary<(string Store, string Name), string> reached = [];

    public SecretValues Values => values;

    public UsedGenerator Used => used;

    /// <summary>What it left behind at a service.</summary>
    public IReadOnlyList<GeneratorState> States => states;

    public DateTimeOffset At => at;

    public DateTimeOffset? RenewAt => renewAt;

    /// <summary>Fields of the generator that were given and have no effect, and whose they are.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Whether some place has, and keeps, what was made before.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Where it lies.</summary>
    public IEnumerable<(string Store, string Name)> Places => reached.Keys;

    public bool IsNowhere => reached.Count == 0;

    /// <param name="version">Of what decides what is written there.</param>
    public bool HasReached(string store, string name, string version) => reached.GetValueOrDefault((store, name)) == version;

    public void Reach(string store, string name, string version) => reached[(store, name)] = version;

    public void Dispose() => values.Dispose();
}
