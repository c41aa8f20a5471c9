using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>
/// The fields of a record, as the original names and writes them: those of its type by their label, or else by their type; its own by their label; its files by their title.
/// </summary>
internal static class KeeperFields
{
    private const string Standard = "fields";
    private const string Custom = "custom";

    /// <summary>Those that no property names: a reference to a file, and a key that codes are made of.</summary>
    private static readonly string[] Unnamed = ["fileRef", "oneTimeCode"];

    /// <summary>A member of a record that is a text; for names, never for values.</summary>
    public static string TextOf(ReadOnlyMemory<byte> json, string name) => Member(JsonPiece.Parse(json), name) is { Kind: JsonKind.Text } text ? Encoding.UTF8.GetString(text.ToText()) : "";

    /// <summary>Names that two things of a record have, so that nobody could say which one is meant.</summary>
    public static IReadOnlyList<string> Doubled(KeeperRecord record) =>
    [
        .. Of(record.Json, Standard).Select(NameOf).Concat(Of(record.Json, Custom).Select(LabelOf)).Concat(record.Files.Select(file => file.Title))
            .GroupBy(name => name, StringComparer.Ordinal).Where(names => names.Skip(1).Any()).Select(names => names.Key).Order(StringComparer.Ordinal),
    ];

    /// <summary>The value that a property names, files left out; the caller's to zero, null where there is none.</summary>
    public static byte[]? Find(ReadOnlyMemory<byte> json, string property)
    {
        foreach (var field in Of(json, Standard).Where(field => NameOf(field) == property && !Unnamed.Contains(TypeOf(field), StringComparer.Ordinal)))
        {
            if (ValueOf(field) is { } value) return value;
        }

        foreach (var field in Of(json, Custom).Where(field => LabelOf(field) == property))
        {
            if (ValueOf(field) is { } value) return value;
        }

        return null;
    }

    /// <summary>All that have a value; the caller's to dispose.</summary>
    public static SecretValues All(ReadOnlyMemory<byte> json)
    {
        var values = new SecretValues();
        foreach (var (name, field) in Of(json, Standard).Select(field => (NameOf(field), field)).Concat(Of(json, Custom).Select(field => (LabelOf(field), field))))
        {
            if (ValueOf(field) is { } value) values.Set(name, value);
        }

        return values;
    }

    /// <summary>The record as JSON, with its files; the caller's to zero.</summary>
    public static byte[] Whole(ReadOnlyMemory<byte> json, SecretValues files)
    {
        using var text = new SecretBuffer();
        var record = JsonPiece.Parse(json);
        text.Append("{\"title\":"u8);
        WriteText(record, "title", text);
        text.Append(",\"type\":"u8);
        WriteText(record, "type", text);
        foreach (var list in (string[])[Standard, Custom])
        {
            text.Append(Encoding.UTF8.GetBytes($",\"{list}\":"));
            if (Member(record, list).Kind != JsonKind.Array) text.Append("null"u8);
            else WriteList(Of(json, list), (field, to) => WriteField(field, list == Custom, to), text);
        }

        text.Append(",\"files\":"u8);
        if (files.Count == 0) text.Append("null"u8);
        else WriteList(files.Entries, WriteFile, text);
        text.Append((byte)'}');
        return text.ToArray();
    }

    private static void WriteField(JsonPiece field, bool isCustom, SecretBuffer to)
    {
        to.Append("{\"type\":"u8);
        WriteText(field, "type", to);
        if (isCustom || LabelOf(field).Length > 0)
        {
            to.Append(",\"label\":"u8);
            WriteText(field, "label", to);
        }

        to.Append(",\"value\":"u8);
        var value = Member(field, "value");
        if (value.Kind == JsonKind.Array) Append(SortedJson.Of(value), to);
        else to.Append("null"u8);
        to.Append((byte)'}');
    }

    private static void WriteFile(KeyValuePair<string, byte[]> file, SecretBuffer to)
    {
        // The original calls a file's title its type here.
        to.Append("{\"type\":"u8);
        JsonText.Quote(Encoding.UTF8.GetBytes(file.Key), to);
        to.Append(",\"content\":"u8);
        JsonText.Quote(file.Value, to);
        to.Append((byte)'}');
    }

    private static void WriteList<T>(IEnumerable<T> items, Action<T, SecretBuffer> write, SecretBuffer to)
    {
        var separator = (byte)'[';
        foreach (var item in items)
        {
            to.Append(separator);
            write(item, to);
            separator = (byte)',';
        }

        to.Append(separator == (byte)'[' ? "[]"u8 : "]"u8);
    }

    private static void WriteText(JsonPiece parent, string name, SecretBuffer to)
    {
        var text = Member(parent, name) is { Kind: JsonKind.Text } member ? member.ToText() : [];
        JsonText.Quote(text, to);
        CryptographicOperations.ZeroMemory(text);
    }

    private static void Append(byte[] text, SecretBuffer to)
    {
        to.Append(text);
        CryptographicOperations.ZeroMemory(text);
    }

    /// <summary>One text as it is; anything else, and several values, as JSON. Null for none.</summary>
    private static byte[]? ValueOf(JsonPiece field)
    {
        if (Member(field, "value") is not { Kind: JsonKind.Array } list) return null;
        return JsonParts.ElementsOf(list.Raw) switch
        {
            [] => null,
            [{ Kind: JsonKind.Text } text] => text.ToText(),
            [var other] => SortedJson.Of(other),
            _ => SortedJson.Of(list),
        };
    }

    private static IEnumerable<JsonPiece> Of(ReadOnlyMemory<byte> json, string list) =>
        Member(JsonPiece.Parse(json), list) is { Kind: JsonKind.Array } fields ? JsonParts.ElementsOf(fields.Raw).Where(field => field.Kind == JsonKind.Object) : [];

    private static string NameOf(JsonPiece field) => LabelOf(field) is { Length: > 0 } label ? label : TypeOf(field);

    private static string LabelOf(JsonPiece field) => Name(field, "label");

    private static string TypeOf(JsonPiece field) => Name(field, "type");

    private static string Name(JsonPiece field, string member) => Member(field, member) is { Kind: JsonKind.Text } text ? Encoding.UTF8.GetString(text.ToText()) : "";

    private static JsonPiece Member(JsonPiece parent, string name)
    {
        if (parent.Kind != JsonKind.Object) return JsonPiece.Absent;
        var written = Encoding.UTF8.GetBytes(name);
        return JsonParts.MembersOf(parent.Raw).LastOrDefault(member => member.IsNamed(written)).Value;
    }
}
