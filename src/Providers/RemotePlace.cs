using System.Text.Json;

namespace GitOpsSecrets.Providers;

/// <summary>Where something is pushed to: a remote secret, or one property of it (null: the whole secret).</summary>
public sealed record RemotePlace(string Key, string? Property)
{
    /// <summary>The <c>metadata</c> with which it is pushed, or was: some stores look elsewhere for it. Two entries of one key and property are at one place, whatever theirs are.</summary>
    public JsonElement? Metadata { get; init; }

    public bool Equals(RemotePlace? other) => other is not null && Key == other.Key && Property == other.Property;

    public override int GetHashCode() => HashCode.Combine(Key, Property);
}
