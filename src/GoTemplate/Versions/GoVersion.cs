using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Versions;

/// <summary>A semantic version (Masterminds/semver): one to three numbers, pre-release, metadata.</summary>
internal sealed class GoVersion : GoValue
{
    private GoVersion(ulong major, ulong minor, ulong patch, string prerelease, string metadata, string? original)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
        Metadata = metadata;
        Original = original ?? Text;
    }

    public ulong Major { get; }

    public ulong Minor { get; }

    public ulong Patch { get; }

    public string Prerelease { get; }

    public string Metadata { get; }

    public string Original { get; }

    /// <summary>False for what methods return by value; sprig's <c>semver</c> gives a pointer.</summary>
    public bool IsPointer { get; private init; } = true;

    public override GoType Type => IsPointer ? GoType.Version : GoType.VersionStruct;

    public override bool IsTrue => true;

    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(Prerelease.Length > 0 ? "-" + Prerelease : "")}{(Metadata.Length > 0 ? "+" + Metadata : "")}");

    /// <exception cref="FunctionException">Not a version; the message is the library's.</exception>
    public static GoVersion Parse(string text)
    {
        var body = text.StartsWith('v') ? text[1..] : text;
        var metadata = Cut(ref body, '+');
        var prerelease = Cut(ref body, '-');
        var numbers = body.Split('.');
        if (numbers.Length > 3 || Array.Exists(numbers, number => number.Length == 0 || number.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
            || !IsIdentifiers(prerelease) || !IsIdentifiers(metadata))
        {
            throw new FunctionException("invalid semantic version");
        }

        CheckPrerelease(prerelease);
        var values = Array.ConvertAll(numbers, Segment);
        return new(values[0], values.ElementAtOrDefault(1), values.ElementAtOrDefault(2), prerelease ?? "", metadata ?? "", text);
    }

    public int CompareTo(GoVersion other)
    {
        var order = Major.CompareTo(other.Major);
        order = order != 0 ? order : Minor.CompareTo(other.Minor);
        order = order != 0 ? order : Patch.CompareTo(other.Patch);
        return order != 0 ? order : ComparePrerelease(Prerelease, other.Prerelease);
    }

    public GoVersion Next(int part)
    {
        // A patch release only drops the pre-release.
        var patch = Prerelease.Length > 0 ? Patch : unchecked(Patch + 1);
        return part switch
        {
            0 => Copy(unchecked(Major + 1), 0, 0, "", ""),
            1 => Copy(Major, unchecked(Minor + 1), 0, "", ""),
            _ => Copy(Major, Minor, patch, "", ""),
        };
    }

    public GoVersion WithPrerelease(string prerelease)
    {
        if (prerelease.Length > 0 && !IsIdentifiers(prerelease))
        {
            throw new FunctionException("invalid prerelease string");
        }

        CheckPrerelease(prerelease);
        return Copy(Major, Minor, Patch, prerelease, Metadata);
    }

    public GoVersion WithMetadata(string metadata) => metadata.Length == 0 || IsIdentifiers(metadata)
        ? Copy(Major, Minor, Patch, Prerelease, metadata)
        : throw new FunctionException("invalid metadata string");

    public static int ComparePrerelease(string left, string right)
    {
        if (left == right)
        {
            return 0;
        }

        // A release comes after its pre-releases.
        if (left.Length == 0 || right.Length == 0)
        {
            return left.Length == 0 ? 1 : -1;
        }

        var (a, b) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            if (i >= a.Length || i >= b.Length)
            {
                return i >= a.Length ? -1 : 1;
            }

            if (CompareIdentifier(a[i], b[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }

    private static int CompareIdentifier(string left, string right)
    {
        var leftNumber = NumberText.ParseUnsigned(left, 10);
        var rightNumber = NumberText.ParseUnsigned(right, 10);
        return (leftNumber, rightNumber) switch
        {
            ({ } a, { } b) => a.CompareTo(b),
            ({ }, null) => -1,
            (null, { }) => 1,
            _ => Math.Sign(string.CompareOrdinal(left, right)),
        };
    }

    private GoVersion Copy(ulong major, ulong minor, ulong patch, string prerelease, string metadata)
    {
        var copy = new GoVersion(major, minor, patch, prerelease, metadata, null);
        return new(major, minor, patch, prerelease, metadata, (Original.StartsWith('v') ? "v" : "") + copy.Text) { IsPointer = false };
    }

    private static string? Cut(ref string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        var tail = at < 0 ? null : text[(at + 1)..];
        text = at < 0 ? text : text[..at];
        return tail;
    }

    private static bool IsIdentifiers(string? text) =>
        text is null || Array.TrueForAll(text.Split('.'), part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private static void CheckPrerelease(string? prerelease)
    {
        if (prerelease?.Split('.').Any(part => part.Length > 1 && part[0] == '0' && part.All(char.IsAsciiDigit)) == true)
        {
            throw new FunctionException("version segment starts with 0");
        }
    }

    private static ulong Segment(string text) => NumberText.ParseUnsigned(text, 10)
        ?? throw new FunctionException($"error parsing version segment: strconv.ParseUint: parsing {GoQuote.Quote(text)}: value out of range");
}
