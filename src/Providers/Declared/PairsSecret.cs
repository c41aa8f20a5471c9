using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
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
    private readonly HashSet<string> bytesOnly = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> aliases = new(StringComparer.Ordinal);
    private JsonSecret? first;

    /// <summary>Whether a value that is a JSON object stands for its members.</summary>
    private bool OpensJson { get; init; }

    private MissingProperty Missing { get; init; }

    /// <summary>The name that is meant, whatever property a reference names; null for that.</summary>
    private string? Meant { get; init; }

    public override long Size => values.Entries.Sum(entry => (long)entry.Value.Length);

    /// <param name="list">The list, in which each element has a name and a value.</param>
    /// <param name="meant">The name that is meant, whatever property a reference names.</param>
    public static PairsSecret Of(string key, FoundValue list, ResultRule rule, string? defaultProperty, string? meant)
    {
        var values = new SecretValues();
        var ambiguous = new HashSet<string>(StringComparer.Ordinal);
        var made = new PairsSecret(key, values, ambiguous, defaultProperty)
        {
            Meant = meant,
            OpensJson = rule.IsFirstJson,
            Missing = rule.IsMissingWithoutProperty ? MissingProperty.MissingSecret : MissingProperty.Failure,
        };
        foreach (var (position, element) in JsonParts.ElementsOf(list.Piece.Raw).Index())
        {
            using var value = FoundValue.In(element.Raw, rule.PairValue!);
            using var bytes = rule.PairBytes is null || value is not null ? null : FoundValue.In(element.Raw, rule.PairBytes);
            var alias = rule.PairAlias is null ? null : TextAt(element, rule.PairAlias);
            if ((TextAt(element, rule.PairName!) ?? alias) is not { } name) continue;
            if (!values.Contains(name) && !ambiguous.Contains(name)) values.Set(name, ValueOf(bytes ?? value, bytes is not null || rule.IsBase64));
            else ambiguous.Add(name);
            if (bytes is not null) made.bytesOnly.Add(name);
            if (alias is not null) made.aliases.TryAdd(alias, name);
            if (position == 0 && rule.IsFirstJson && values.Find(name) is { } text && JsonPiece.IsValid(text)) made.first = new JsonSecret(key, [.. text], PropertyOrder.Path, MissingProperty.MissingSecret);
        }

        foreach (var name in ambiguous) values.Remove(name);
        return made;
    }

    /// <param name="members">An object of names and values in base64.</param>
    public static PairsSecret OfEncoded(string key, FoundValue members)
    {
        var values = new SecretValues();
        foreach (var member in JsonParts.MembersOf(members.Piece.Raw)) values.Set(Encoding.UTF8.GetString(member.Name()), DeclaredResult.Decode(member.Value.ToText()));
        var made = new PairsSecret(key, values, [], null);
        made.bytesOnly.UnionWith(values.Entries.Where(entry => !Utf8.IsValid(entry.Value)).Select(entry => entry.Key));
        return made;
    }

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        if ((NameOf(property) ?? defaultProperty) is not { } name) return Whole();
        if (first?.Value(name) is { } inner) return inner;
        if (!values.Contains(name) && aliases.TryGetValue(name, out var other)) name = other;
        if (ambiguous.Contains(name)) throw new ProviderException(ProviderFailureKind.Invalid, $"secret {key} has more than one {name}");
        if (values.Find(name) is { } value) return [.. value];
        return Missing == MissingProperty.MissingSecret ? null : throw new ProviderException(ProviderFailureKind.Invalid, $"key {name} does not exist in secret {key}");
    }

    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        property = NameOf(property);
        return (OpensJson ? Opened(property) : null) ?? (property is null ? All() : One(property));
    }

    private SecretValues All()
    {
        if (ambiguous.Count > 0) throw new ProviderException(ProviderFailureKind.Invalid, $"secret {key} has more than one {string.Join(" and ", ambiguous.Order(StringComparer.Ordinal))}");
        var copy = new SecretValues();
        foreach (var (name, value) in values.Entries) copy.Set(name, [.. value]);
        return copy;
    }

    private SecretValues? One(string property)
    {
        if (Value(property) is not { } value) return null;
        var one = new SecretValues();
        one.Set(property, value);
        return one;
    }

    /// <summary>The members of the first value, or the property's, where that is a JSON object.</summary>
    private SecretValues? Opened(string? property)
    {
        if ((property is null ? first?.Value(null) : Value(property)) is not { } text) return null;
        var members = JsonObjectText.Read(text);
        CryptographicOperations.ZeroMemory(text);
        return members;
    }

    public override string ToString() => $"{key}: {values.Count} values";

    protected override void Dispose(bool disposing)
    {
        values.Dispose();
        first?.Dispose();
    }

    private string? NameOf(string? property) => Meant ?? (string.IsNullOrEmpty(property) ? null : property);

    private static string? TextAt(JsonPiece element, string path) => FoundValue.TextIn(element.Raw, path) is { Length: > 0 } text ? text : null;

    private static byte[] ValueOf(FoundValue? value, bool isBase64)
    {
        var bytes = value is null ? [] : value.ToBytes();
        return isBase64 ? DeclaredResult.Decode(bytes) : bytes;
    }

    /// <summary>As a JSON object of texts; what came as bytes is base64 in it.</summary>
    private byte[] Whole()
    {
        using var text = new SecretBuffer();
        JsonObjectText.Write(values.Entries.Select(entry => KeyValuePair.Create(entry.Key, bytesOnly.Contains(entry.Key) ? Encoding.ASCII.GetBytes(Convert.ToBase64String(entry.Value)) : (ReadOnlyMemory<byte>)entry.Value)), text);
        return text.ToArray();
    }
}
