using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Makes what is written, in the form that a store keeps: pure.</summary>
internal static class PushedForms
{
    /// <param name="old">What is there; null for nothing.</param>
    /// <returns>The caller's to zero; equal to <paramref name="old"/> where nothing would change.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the Secret has no such key, or what is there cannot take it.</exception>
    public static byte[] Make(PushForm form, byte[]? old, PushRequest request) => form switch
    {
        PushForm.Property => JsonEditing.Merged(old, request),
        PushForm.Members when string.IsNullOrEmpty(request.Place.Property) => AllMembers(old, request),
        PushForm.Members => JsonEditing.Merged(old, Named(request)),
        PushForm.Object => ReplacedObject(old, request),
        _ => PushedValue.Of(request),
    };

    /// <summary>What of the Secret is sent: all of it, or the item.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> ItemsOf(PushForm form, PushRequest request) =>
        string.IsNullOrEmpty(request.SecretKey) || (form == PushForm.Members && string.IsNullOrEmpty(request.Place.Property)) ? request.Source.Entries : request.Source.Entries.Where(item => item.Key == request.SecretKey);

    /// <summary>Whether a property is pushed into something that holds more than it.</summary>
    public static bool IsPart(PushForm form, RemotePlace place) => form is PushForm.Property or PushForm.Members && !string.IsNullOrEmpty(place.Property);

    /// <summary>What is there without the property; the very bytes when it has none, null when nothing else is in it.</summary>
    public static byte[]? Without(PushForm form, byte[] old, RemotePlace place) => JsonEditing.Without(old, PathOf(form, place.Property!));

    public static bool Has(PushForm form, byte[] old, RemotePlace place)
    {
        using var found = FoundValue.In(old, PathOf(form, place.Property!));
        return found is not null;
    }

    private static string PathOf(PushForm form, string property) => form == PushForm.Members ? Escaped(property) : property;

    private static PushRequest Named(PushRequest request) => request with { Place = request.Place with { Property = Escaped(request.Place.Property!) } };

    /// <summary>As a path that leads to the member of this very name.</summary>
    private static string Escaped(string name)
    {
        var path = new StringBuilder();
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_') && char.IsAscii(letter)) path.Append('\\');
            path.Append(letter);
        }

        return path.ToString();
    }

    private static byte[] AllMembers(byte[]? old, PushRequest request)
    {
        if (!string.IsNullOrEmpty(request.SecretKey)) CryptographicOperations.ZeroMemory(PushedValue.Of(request));
        var made = old is null ? null : (byte[])[.. old];
        foreach (var (key, _) in request.Source.Entries)
        {
            var before = made;
            made = JsonEditing.Merged(before, request with { SecretKey = key, Place = request.Place with { Property = Escaped(key) } });
            if (before is not null) CryptographicOperations.ZeroMemory(before);
        }

        return made ?? "{}"u8.ToArray();
    }

    private static byte[] ReplacedObject(byte[]? old, PushRequest request)
    {
        using var text = new SecretBuffer();
        var keys = string.IsNullOrEmpty(request.SecretKey) ? request.Source.Keys : [request.SecretKey];
        if (request.Place.Property is { Length: > 0 } property) Open(property, text);
        var separator = (byte)'{';
        foreach (var key in keys)
        {
            var value = request.Source.Find(key) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"secret key {key} does not exist");
            if (!Utf8.IsValid(value)) request.Garble(key);
            text.Append(separator);
            JsonText.Quote(Encoding.UTF8.GetBytes(key), text);
            text.Append((byte)':');
            if (JsonPiece.IsValid(value)) text.Append(value);
            else JsonText.Quote(value, text);
            separator = (byte)',';
        }

        if (separator == (byte)'{') text.Append(separator);
        text.Append((byte)'}');
        if (!string.IsNullOrEmpty(request.Place.Property)) text.Append((byte)'}');
        return old is not null && AreEqual(old, text.Written) ? [.. old] : text.ToArray();
    }

    private static void Open(string property, SecretBuffer to)
    {
        to.Append((byte)'{');
        JsonText.Quote(Encoding.UTF8.GetBytes(property), to);
        to.Append((byte)':');
    }

    private static bool AreEqual(byte[] old, ReadOnlySpan<byte> made)
    {
        try
        {
            return JsonNode.DeepEquals(JsonTree.Parse(old), JsonTree.Parse(made));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
