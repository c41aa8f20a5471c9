namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>
/// The text of one document of a stream, from its <c>---</c> line (if it has one) to the next. A marker at the margin always ends a document,
/// block scalars included, so lines are all that has to be looked at, and what is not rendered can be printed as it came.
/// </summary>
/// <param name="Marker">The line with <c>---</c> and its end; empty for a first document without one.</param>
/// <param name="Body">All that follows.</param>
/// <param name="Line">Where it starts, from 1.</param>
internal sealed record ManifestText(string Marker, string Body, int Line = 1)
{
    public bool IsBlank => Body.AsSpan().Trim().IsEmpty && Marker.AsSpan().Trim() is "---" or "";

    public static IReadOnlyList<ManifestText> Split(string text)
    {
        var documents = new List<ManifestText>();
        var (marker, start, at) = ("", 0, 0);
        var (line, first) = (1, 1);
        if (text.StartsWith('\uFEFF')) start = at = 1;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            if (IsMarker(text.AsSpan(at, end - at)))
            {
                if (at > start || marker.Length > 0) documents.Add(new ManifestText(marker, text[start..at], first));
                (marker, start, first) = (text[at..end], end, line);
            }
            line++;
            at = end;
        }
        if (start < text.Length || marker.Length > 0) documents.Add(new ManifestText(marker, text[start..], first));
        return documents;
    }

    /// <summary>As it came, fit to stand behind other documents.</summary>
    public override string ToString()
    {
        var marker = Marker.Length == 0 ? "---\n" : Marker;
        return Body.Length == 0 || Body.EndsWith('\n') ? marker + Body : marker + Body + "\n";
    }

    private static bool IsMarker(ReadOnlySpan<char> line) =>
        line.StartsWith("---") && (line.Length == 3 || line[3] is ' ' or '\t' or '\r' or '\n');
}
