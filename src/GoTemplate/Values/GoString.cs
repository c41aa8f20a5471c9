using System.Text;

namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>
/// A Go string: bytes, by custom UTF-8 but with no guarantee. Lengths and offsets are bytes, order is byte order,
/// and what is not UTF-8 passes through untouched, as binary secrets must.
/// </summary>
public sealed class GoString(ReadOnlyMemory<byte> bytes) : GoValue, IEquatable<GoString>, IComparable<GoString>
{
    private static readonly Encoding Lenient = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public static GoString Empty { get; } = new(ReadOnlyMemory<byte>.Empty);

    public override GoType Type => GoType.String;

    public override bool IsTrue => bytes.Length > 0;

    public int Length => bytes.Length;

    public ReadOnlyMemory<byte> Memory => bytes;

    public ReadOnlySpan<byte> Span => bytes.Span;

    public static GoString Of(string text) => text.Length == 0 ? Empty : new(Lenient.GetBytes(text));

    public static GoString Of(ReadOnlySpan<byte> span) => span.IsEmpty ? Empty : new(span.ToArray());

    /// <summary>The text, every byte that is not UTF-8 replaced by U+FFFD.</summary>
    public string ToText() => Lenient.GetString(bytes.Span);

    public GoString Slice(int start, int length) => new(bytes.Slice(start, length));

    public GoString Slice(int start) => new(bytes[start..]);

    /// <summary>Line from 1 and byte column from 0 of a byte offset.</summary>
    internal (int Line, int Column) Locate(int position)
    {
        var before = Span[..Math.Min(position, Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n') - 1);
    }

    public bool Equals(GoString? other) => other is not null && bytes.Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => Equals(obj as GoString);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(bytes.Span);
        return hash.ToHashCode();
    }

    public int CompareTo(GoString? other) => other is null ? 1 : bytes.Span.SequenceCompareTo(other.Span);

    public static bool operator ==(GoString? left, GoString? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(GoString? left, GoString? right) => !(left == right);

    public static bool operator <(GoString left, GoString right) => left.CompareTo(right) < 0;

    public static bool operator <=(GoString left, GoString right) => left.CompareTo(right) <= 0;

    public static bool operator >(GoString left, GoString right) => left.CompareTo(right) > 0;

    public static bool operator >=(GoString left, GoString right) => left.CompareTo(right) >= 0;
}
