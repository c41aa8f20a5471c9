using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What is pushed: a Secret, or what a generator made, after its template. Disposing it zeroes the values.</summary>
internal sealed record PushedSource(SecretValues Values, string Type, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations) : IDisposable
{
    /// <summary>What it is called.</summary>
    public string Name { get; init; } = "";

    public PushRequest RequestFor(PushEntry entry, SecretValues values) => new(entry.Place, values, entry.SecretKey, Type, Labels, Annotations, entry.Recorded.Metadata);

    /// <summary>The items of an entry under their new names; the caller's to dispose.</summary>
    public SecretValues Subset(IReadOnlyList<(string From, string To)> keys)
    {
        var subset = new SecretValues();
        foreach (var (from, to) in keys)
        {
            if (Values.Find(from) is { } value) subset.Set(to, [.. value]);
        }
        return subset;
    }

    public override string ToString() => Values.ToString();

    public void Dispose() => Values.Dispose();
}
