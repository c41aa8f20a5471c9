using System.Text;
using System.Text.Json;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// Gives the same string for the same bytes, most of the time: a fixed table in which a newcomer replaces whoever has its place. So
/// ten thousand objects share one copy of each label name, and the table never grows. Thread-safe: a race costs a copy, nothing else.
/// </summary>
internal sealed class SharedStrings
{
    private const int Places = 2048;
    private const int LongestShared = 128;

    private readonly string?[] table = new string?[Places];

    /// <summary>The reader's current string value.</summary>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > LongestShared)
        {
            return reader.GetString() ?? "";
        }

        var hash = new HashCode();
        hash.AddBytes(reader.ValueSpan);
        // Unchecked: half of all hashes are negative.
        ref var place = ref table[unchecked((uint)hash.ToHashCode()) % Places];
        var known = Volatile.Read(ref place);
        if (known is not null && Same(known, reader.ValueSpan))
        {
            return known;
        }

        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        Volatile.Write(ref place, text);
        return text;
    }

    /// <summary>The same string as for an equal one before, or this one.</summary>
    public string Share(string text)
    {
        if (text.Length > LongestShared)
        {
            return text;
        }

        ref var place = ref table[unchecked((uint)text.GetHashCode(StringComparison.Ordinal)) % Places];
        var known = Volatile.Read(ref place);
        if (known == text)
        {
            return known;
        }

        Volatile.Write(ref place, text);
        return text;
    }

    private static bool Same(string text, ReadOnlySpan<byte> utf8)
    {
        Span<char> chars = stackalloc char[LongestShared];
        return Encoding.UTF8.TryGetChars(utf8, chars, out var count) && text.AsSpan().SequenceEqual(chars[..count]);
    }
}
