using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Sops.Keys;

/// <summary>
/// One entry of a key list: whose key it is, and the copy of the data key (or of a share of it) wrapped for that key. Fields are kept as they
/// stand, so that entries of kinds that are not understood survive a rewrite.
/// </summary>
/// <param name="Kind">One of <see cref="MasterKeyKind"/>.</param>
/// <param name="Fields">All fields of the entry, <c>enc</c> among them once the key has wrapped something.</param>
public sealed record MasterKey(string Kind, MapNode Fields)
{
    public const string WrappedField = "enc";
    public const string CreatedAtField = "created_at";
    private const int MaxShownLength = 128;

    /// <summary>The wrapped copy, empty before there is one.</summary>
    public string Wrapped => Field(WrappedField);

    /// <summary>
    /// What names the key to people: a recipient, a fingerprint, an ARN. All fields but the wrapped copy and its date; of AWS KMS, as in the original,
    /// not the profile either, which says who asks and not for what.
    /// </summary>
    public string Identifier => Kind switch
    {
        MasterKeyKind.Age => Field("recipient"),
        MasterKeyKind.Pgp => Field("fp"),
        MasterKeyKind.AwsKms => string.Join(' ', ((string[])[Field("arn"), Field("role"), .. EncryptionContext.Select(pair => $"{pair.Key}:{pair.Value}")]).Where(part => part.Length > 0)),
        _ => string.Join(' ', Fields.Entries.Where(e => e.Key is not (WrappedField or CreatedAtField)).Select(e => (e.Value as ScalarNode)?.GetText()).Where(v => !string.IsNullOrEmpty(v))),
    };

    /// <summary>What a copy wrapped by AWS KMS is bound to; it unwraps under the same alone.</summary>
    public IEnumerable<KeyValuePair<string, string>> EncryptionContext =>
        Fields["context"] is MapNode pairs ? pairs.Entries.Select(entry => KeyValuePair.Create(entry.Key, (entry.Value as ScalarNode)?.GetText() ?? "")) : [];

    public static MasterKey Age(string recipient) => Create(MasterKeyKind.Age, "recipient", recipient);

    /// <param name="fingerprint">40 hexadecimal digits; with <c>!</c> behind them, exactly that subkey.</param>
    public static MasterKey Pgp(string fingerprint) => Create(MasterKeyKind.Pgp, "fp", fingerprint);

    /// <returns>The text of a field, empty when it is absent.</returns>
    public string Field(string name) => (Fields[name] as ScalarNode)?.GetText() ?? "";

    /// <summary>The same key with a newly wrapped copy.</summary>
    /// <param name="wrapped">Text of the copy.</param>
    /// <param name="createdAt">RFC 3339; null for kinds that record none.</param>
    public MasterKey With(string wrapped, string? createdAt)
    {
        var fields = new MapNode(Fields.Entries.Where(e => e.Key is not (WrappedField or CreatedAtField)));
        if (createdAt is not null) fields.Add(CreatedAtField, ScalarNode.Text(createdAt));
        fields.Add(WrappedField, ScalarNode.Text(wrapped));
        fields.Entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return this with { Fields = fields };
    }

    public bool IsSameKey(MasterKey other) => Kind == other.Kind && Identifier == other.Identifier;

    /// <summary>For messages: a post-quantum recipient is two thousand characters long.</summary>
    public override string ToString() => $"{Kind} {(Identifier.Length > MaxShownLength ? Identifier[..MaxShownLength] + "…" : Identifier)}";

    private static MasterKey Create(string kind, string field, string value)
    {
        var fields = new MapNode();
        fields.Add(field, ScalarNode.Text(value));
        return new MasterKey(kind, fields);
    }
}
