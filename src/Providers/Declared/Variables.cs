using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// What the patterns of a definition know, by name; an inner set sees what the outer one has. Owns its values and zeroes them. Empty is the same
/// as absent, but for the value that is pushed. One set is written by one call only, and the outer sets are no longer written by then.
/// </summary>
internal sealed class Variables(Variables? outer = null) : IDisposable
{
    private readonly Dictionary<string, byte[]> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<byte[]>> lists = new(StringComparer.Ordinal);

    /// <param name="value">Taken over.</param>
    public void Set(string name, byte[] value)
    {
        if (values.TryGetValue(name, out var old)) CryptographicOperations.ZeroMemory(old);
        values[name] = value;
    }

    public void Set(string name, string? value) => Set(name, Encoding.UTF8.GetBytes(value ?? ""));

    public void SetList(string name, IReadOnlyList<byte[]> value) => lists[name] = value;

    public IReadOnlyList<byte[]> List(string name) => lists.TryGetValue(name, out var own) ? own : outer?.List(name) ?? [];

    public bool Has(string name) => IsThere(name, Find(name)) || List(name).Count > 0;

    /// <summary>The value as it is held: to be read, not kept.</summary>
    public byte[]? Find(string name) => values.TryGetValue(name, out var own) ? own : outer?.Find(name);

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is not there.</exception>
    public byte[] Need(string name) =>
        Find(name) is { } value && IsThere(name, value) ? value : throw new ProviderException(ProviderFailureKind.Invalid, $"{NameFor(name)} is needed here, and is empty");

    public bool Equal(string name, string text) => (Find(name) ?? []).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));

    public void CopyTo(Variables other)
    {
        foreach (var (name, value) in values) other.Set(name, [.. value]);
    }

    public override string ToString() => $"{values.Count} variables";

    public void Dispose()
    {
        foreach (var value in values.Values) CryptographicOperations.ZeroMemory(value);
        foreach (var value in lists.Values.SelectMany(list => list)) CryptographicOperations.ZeroMemory(value);
        values.Clear();
        lists.Clear();
    }

    private static bool IsThere(string name, byte[]? value) => value is { Length: > 0 } || (value is not null && name is PushRule.Value or FindRule.Folder);

    private static string NameFor(string name) => name switch
    {
        "ref.key" => "remoteRef.key",
        "ref.property" => "remoteRef.property",
        "ref.version" => "remoteRef.version",
        _ => $"\"{name}\"",
    };
}
