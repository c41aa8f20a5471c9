using System.Buffers;
using System.Buffers.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Writes one variable of a pattern, escaped for where it goes.</summary>
internal static class PatternText
{
    private static readonly SearchValues<byte> OfHosts = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."u8);
    private static readonly SearchValues<byte> OfHostsWithPorts = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:"u8);

    public static void Write(PatternPart part, ReadOnlySpan<byte> value, SecretBuffer to, PatternPlace place)
    {
        switch (part.Filter, place)
        {
            case (PatternFilter.Base64, _):
                WriteBase64(value, to);
                break;
            case (_, PatternPlace.Path):
                WritePath(part, value, to);
                break;
            case (_, PatternPlace.Server):
                if (value.ContainsAnyExcept(part.Filter == PatternFilter.Host ? OfHostsWithPorts : OfHosts)) throw Problem(part, "can not be part of a host's name");
                to.Append(value);
                break;
            default:
                foreach (var one in value) WritePlain(part.Filter, one, to);
                break;
        }
    }

    private static void WritePlain(PatternFilter filter, byte one, SecretBuffer to)
    {
        if (filter == PatternFilter.Quoted && one is (byte)'"' or (byte)'\\') to.Append((byte)'\\');
        to.Append((filter, one) switch
        {
            (PatternFilter.Underscore, (byte)'-') => (byte)'_',
            (PatternFilter.Backslash, (byte)'/') => (byte)'\\',
            _ => one,
        });
    }

    private static void WriteBase64(ReadOnlySpan<byte> value, SecretBuffer to)
    {
        var room = to.GetSpan(Base64.GetMaxEncodedToUtf8Length(value.Length));
        Base64.EncodeToUtf8(value, room, out _, out var written);
        to.Advance(written);
    }

    /// <summary>Percent-encoded, but for slashes under <c>path</c>. A segment of dots would be taken for a step through the path.</summary>
    private static void WritePath(PatternPart part, ReadOnlySpan<byte> value, SecretBuffer to)
    {
        var keepsSlashes = part.Filter == PatternFilter.Path;
        if (keepsSlashes) value = value.TrimStart((byte)'/').TrimEnd((byte)'/');
        var rest = value;
        while (true)
        {
            var end = keepsSlashes ? rest.IndexOf((byte)'/') : -1;
            var segment = end < 0 ? rest : rest[..end];
            if (segment is [(byte)'.'] or [(byte)'.', (byte)'.']) throw Problem(part, "must not be made of dots alone");
            WriteSegment(part.Filter, segment, to);
            if (end < 0) return;
            to.Append((byte)'/');
            rest = rest[(end + 1)..];
        }
    }

    private static void WriteSegment(PatternFilter filter, ReadOnlySpan<byte> segment, SecretBuffer to)
    {
        foreach (var written in segment)
        {
            var one = filter == PatternFilter.Underscore && written == (byte)'-' ? (byte)'_' : written;
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                to.Append(one);
                continue;
            }

            to.Append((byte)'%');
            to.Append((byte)Convert.ToHexString([one])[0]);
            to.Append((byte)Convert.ToHexString([one])[1]);
        }
    }

    private static ProviderException Problem(PatternPart part, string problem) => new(ProviderFailureKind.Invalid, $"{part.Name} {problem}");
}
