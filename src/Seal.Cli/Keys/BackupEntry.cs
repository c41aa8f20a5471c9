using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>
/// What a file of keys says of one of them, as far as it is whole: a file that was cut short or damaged still names what it held, and that must not
/// go unnoticed.
/// </summary>
/// <param name="Name">Of the key Secret; <c>null</c> where its line is missing.</param>
/// <param name="State">The label's value; <c>null</c> likewise.</param>
internal sealed partial record BackupEntry(string? Name, string? State)
{
    public const string NameLine = "# name: ";
    public const string StateLine = "# state: ";
    public const string CountLine = "# keys: ";
    public const string EncryptedKey = "ENCRYPTED PRIVATE KEY";
    public const string Certificate = "CERTIFICATE";

    private const string KeyLabel = "PRIVATE KEY";

    /// <summary>Label → PEM, in the file's order; no PEM where the block is damaged or has no end.</summary>
    public IReadOnlyList<(string Label, string? Pem)> Blocks { get; private init; } = [];

    /// <summary>The private key, encrypted or not.</summary>
    public (string Label, string? Pem)? Key => First(label => label.EndsWith(KeyLabel, StringComparison.Ordinal));

    /// <summary>Those that follow are the rest of a chain, which older versions wrote too.</summary>
    public (string Label, string? Pem)? FirstCertificate => First(label => label == Certificate);

    /// <param name="text">Of the file.</param>
    /// <returns>All that begins there, and how many keys the file says that it holds: none, if it is older than that line.</returns>
    public static (IReadOnlyList<BackupEntry> Entries, int Said) ReadAll(string text)
    {
        var (entries, said) = (new List<BackupEntry>(), 0);
        var markers = Marker().Matches(text);
        for (var i = 0; i < markers.Count; i++)
        {
            var groups = markers[i].Groups;
            if (groups["count"].Success)
            {
                if (int.TryParse(groups["count"].ValueSpan, out var count)) said += count;
                continue;
            }
            var block = text.AsSpan(markers[i].Index, (i + 1 < markers.Count ? markers[i + 1].Index : text.Length) - markers[i].Index);
            var (name, state, label) = (Text(groups["name"]), Text(groups["state"]), Text(groups["label"]));
            var current = entries.Count > 0 ? entries[^1] : null;
            if (current is null || current.EndsBefore(name, state, label)) entries.Add(current = new BackupEntry(null, null));
            entries[^1] = current with
            {
                Name = current.Name ?? name,
                State = current.State ?? state,
                Blocks = label is null ? current.Blocks : [.. current.Blocks, (label, Whole(block))],
            };
        }
        return (entries, said);
    }

    public override string ToString() => Name ?? "a key without a name";

    private bool EndsBefore(string? name, string? state, string? label) =>
        label is not null ? Key is not null && label.EndsWith(KeyLabel, StringComparison.Ordinal) : Blocks.Count > 0 || (name is not null && Name is not null) || (state is not null && State is not null);

    private (string Label, string? Pem)? First(Func<string, bool> labelled)
    {
        foreach (var block in Blocks)
        {
            if (labelled(block.Label)) return block;
        }
        return null;
    }

    private static string? Text(Group group) => group.Success ? group.Value.Trim() : null;

    private static string? Whole(ReadOnlySpan<char> block) => PemEncoding.TryFind(block, out var field) && field.Location.Start.Value == 0 ? block[field.Location].ToString() : null;

    [GeneratedRegex("^# (name: (?<name>.*)|state: (?<state>.*)|keys: (?<count>.*))|-----BEGIN (?<label>[^-\r\n]+)-----", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
