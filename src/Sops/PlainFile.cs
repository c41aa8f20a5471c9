using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Sealing;

namespace GitOpsSecrets.Sops;

/// <summary>A file in clear: its documents with types, order and comments. Holds secrets: dispose of it, and never print it.</summary>
public sealed class PlainFile : IDisposable
{
    public PlainFile(SopsFormat format, IReadOnlyList<MapNode> documents)
    {
        Format = format;
        Documents = documents;
    }

    public SopsFormat Format { get; }

    /// <summary>At least one; only YAML has more. A binary file is one map with one key, <c>data</c>.</summary>
    public IReadOnlyList<MapNode> Documents { get; }

    /// <exception cref="SopsException">Malformed, limit, or <see cref="SopsFailure.AlreadySealed"/>.</exception>
    public static PlainFile Parse(ReadOnlySpan<byte> file, SopsFormat format, SopsLimits? limits = null) =>
        new(format, DocumentFormats.Of(format).ReadPlain(file, limits ?? SopsLimits.Default));

    /// <returns>The file's text, for the caller to zero.</returns>
    public byte[] ToBytes(SopsLayout? layout = null) => ToBytes(Format, layout);

    /// <summary>In another format than it was read from; comments are lost where a format has none.</summary>
    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>: that format cannot hold the document.</exception>
    public byte[] ToBytes(SopsFormat format, SopsLayout? layout = null) => DocumentFormats.Of(format).WritePlain(Documents, layout ?? SopsLayout.Default);

    /// <summary>The places of values that a rule would encrypt.</summary>
    public IReadOnlyList<string> FindValuesToSeal(SelectionRule rule)
    {
        var walk = new ClearLeafWalk(Format == SopsFormat.Binary ? SelectionRule.Default : rule);
        foreach (var document in Documents) walk.Walk(document);
        return walk.Places;
    }

    /// <summary>A copy to edit.</summary>
    public PlainFile Clone() => new(Format, [.. Documents.Select(d => d.Clone())]);

    public void Dispose()
    {
        foreach (var document in Documents) document.Clear();
    }

    public override string ToString() => $"{nameof(PlainFile)} ({Format})";
}
