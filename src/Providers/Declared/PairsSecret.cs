using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// A secret of names and values, as stores of forms and notes have them. A name that stands there twice has no value: which of the two was
/// meant is not ours to guess.
/// </summary>
/// <param name="values">Taken over.</param>
/// <param name="ambiguous">Names that stand there more than once, and are not among the values.</param>
/// <param name="defaultProperty">What is meant where a reference names no property; null for all as a JSON object.</param>
internal sealed class PairsSecret(string key, SecretValues values, IReadOnlyCollection<string> ambiguous, string? defaultProperty) : RemoteSecret
{
    public override long Size => values.Entries.Sum(entry => (long)entry.Value.Length);

    /// <param name="list">The list, in which each element has a name and a value.</param>
    public static PairsSecret Of(string key, FoundValue list, ResultRule rule)
    {
        var values = new SecretValues();
        var ambiguous = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in JsonParts.ElementsOf(list.Piece.Raw))
        {
            using var name = FoundValue.In(element.Raw, rule.PairName!);
            using var value = FoundValue.In(element.Raw, rule.PairValue!);
            using var bytes = rule.PairBytes is null || value is not null ? null : FoundValue.In(element.Raw, rule.PairBytes);
            if (name is null or { IsNull: true }) continue;
            if (!values.Contains(name.Text) && !ambiguous.Contains(name.Text)) values.Set(name.Text, ValueOf(bytes ?? value, bytes is not null || rule.IsBase64));
            else ambiguous.Add(name.Text);
        }

        foreach (var name in ambiguous) values.Remove(name);
        return new PairsSecret(key, values, ambiguous, rule.DefaultProperty);
    }

    /// <param name="members">An object of names and values in base64.</param>
    public static PairsSecret OfEncoded(string key, FoundValue members)
    {
        var values = new SecretValues();
        foreach (var member in JsonParts.MembersOf(members.Piece.Raw)) values.Set(Encoding.UTF8.GetString(member.Name()), DeclaredResult.Decode(member.Value.ToText()));
        return new PairsSecret(key, values, [], null);
    }

    public override byte[] Value(string? property)
    {
        ThrowIfDisposed();
        var name = string.IsNullOrEmpty(property) ? defaultProperty : property;
        if (name is null) return Whole();
        if (ambiguous.Contains(name)) throw new ProviderException(ProviderFailureKind.Invalid, $"secret {key} has more than one {name}");
        return values.Find(name) is { } value ? [.. value] : throw new ProviderException(ProviderFailureKind.Invalid, $"key {name} does not exist in secret {key}");
    }

    public override SecretValues Values(string? property)
    {
        ThrowIfDisposed();
        if (ambiguous.Count > 0 && string.IsNullOrEmpty(property)) throw new ProviderException(ProviderFailureKind.Invalid, $"secret {key} has more than one {string.Join(" and ", ambiguous.Order(StringComparer.Ordinal))}");
        var copy = new SecretValues();
        if (!string.IsNullOrEmpty(property)) copy.Set(property, Value(property));
        else foreach (var (name, value) in values.Entries) copy.Set(name, [.. value]);
        return copy;
    }

    public override string ToString() => $"{key}: {values.Count} values";

    protected override void Dispose(bool disposing) => values.Dispose();

    private static byte[] ValueOf(FoundValue? value, bool isBase64)
    {
        var bytes = value is null ? [] : value.ToBytes();
        return isBase64 ? DeclaredResult.Decode(bytes) : bytes;
    }

    private byte[] Whole()
    {
        using var text = new SecretBuffer();
        JsonObjectText.Write(values.Entries.Select(entry => KeyValuePair.Create(entry.Key, (ReadOnlyMemory<byte>)entry.Value)), text);
        return text.ToArray();
    }
}
