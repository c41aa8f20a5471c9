using GitOpsSecrets.GoTemplate.Execution;

namespace GitOpsSecrets.GoTemplate.Versions;

/// <summary>One comparison. "Dirty" parts were left out or are x: 1.2 leaves the patch open.</summary>
internal sealed class VersionCondition
{
    private static readonly string[] Operators = ["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"];

    private readonly string operation;
    private readonly GoVersion limit;
    private readonly bool isDirty;
    private readonly bool isMinorOpen;
    private readonly bool isPatchOpen;

    private VersionCondition(string operation, GoVersion limit, bool isDirty, bool isMinorOpen, bool isPatchOpen)
    {
        this.operation = operation;
        this.limit = limit;
        this.isDirty = isDirty;
        this.isMinorOpen = isMinorOpen;
        this.isPatchOpen = isPatchOpen;
    }

    public bool HasPrerelease => limit.Prerelease.Length > 0;

    /// <exception cref="FunctionException">Operator or version is none.</exception>
    public static VersionCondition Parse(string operation, string version, string constraint)
    {
        var body = version.StartsWith('v') ? version[1..] : version;
        var suffixAt = body.IndexOfAny(['-', '+']);
        var suffix = suffixAt < 0 ? "" : body[suffixAt..];
        var parts = (suffixAt < 0 ? body : body[..suffixAt]).Split('.');
        if (Array.IndexOf(Operators, operation) < 0 || parts.Length > 3 || Array.Exists(parts, part => !IsPart(part)))
        {
            throw new FunctionException($"improper constraint: {constraint}");
        }

        try
        {
            return Build(operation, parts, suffix);
        }
        catch (FunctionException)
        {
            throw new FunctionException($"improper constraint: {constraint}");
        }
    }

    private static VersionCondition Build(string operation, string[] parts, string suffix)
    {
        if (IsOpen(parts[0]))
        {
            return new(operation, GoVersion.Parse("0.0.0" + suffix), true, false, false);
        }

        if (parts.Length < 2 || IsOpen(parts[1]))
        {
            return new(operation, GoVersion.Parse(parts[0] + ".0.0" + suffix), true, true, false);
        }

        return parts.Length < 3 || IsOpen(parts[2])
            ? new(operation, GoVersion.Parse($"{parts[0]}.{parts[1]}.0{suffix}"), true, false, true)
            : new(operation, GoVersion.Parse(string.Join('.', parts) + suffix), false, false, false);
    }

    private static bool IsPart(string text) => text.Length > 0 && (IsOpen(text) || text.All(char.IsAsciiDigit));

    private static bool IsOpen(string text) => text is "x" or "X" or "*";

    public bool Holds(GoVersion version) => operation switch
    {
        "!=" => IsNotEqual(version),
        ">" => IsGreater(version),
        "<" => version.CompareTo(limit) < 0,
        ">=" or "=>" => version.CompareTo(limit) >= 0,
        "<=" or "=<" => IsAtMost(version),
        "~" or "~>" => IsTilde(version),
        "^" => IsCaret(version),
        _ => isDirty ? IsTilde(version) : version.CompareTo(limit) == 0,
    };

    private bool IsNotEqual(GoVersion version)
    {
        if (!isDirty)
        {
            return version.CompareTo(limit) != 0;
        }

        if (version.Major != limit.Major || isMinorOpen)
        {
            return version.Major != limit.Major;
        }

        if (version.Minor != limit.Minor)
        {
            return true;
        }

        return isPatchOpen ? GoVersion.ComparePrerelease(version.Prerelease, limit.Prerelease) != 0 : version.CompareTo(limit) != 0;
    }

    private bool IsGreater(GoVersion version)
    {
        if (isDirty && version.Major != limit.Major)
        {
            return version.Major > limit.Major;
        }

        // 11.1.0 is not above 11, nor 11.1.1 above 11.1.
        return !isMinorOpen && (isPatchOpen ? version.Minor > limit.Minor : version.CompareTo(limit) > 0);
    }

    private bool IsAtMost(GoVersion version)
    {
        if (!isDirty)
        {
            return version.CompareTo(limit) <= 0;
        }

        return version.Major <= limit.Major && !(version.Major == limit.Major && version.Minor > limit.Minor && !isMinorOpen);
    }

    private bool IsTilde(GoVersion version)
    {
        if (version.CompareTo(limit) < 0)
        {
            return false;
        }

        var isAll = limit is { Major: 0, Minor: 0, Patch: 0 } && !isMinorOpen && !isPatchOpen;
        return isAll || (version.Major == limit.Major && (isMinorOpen || version.Minor == limit.Minor));
    }

    /// <summary>No change of the leftmost number that is not zero.</summary>
    private bool IsCaret(GoVersion version)
    {
        if (version.CompareTo(limit) < 0)
        {
            return false;
        }

        if (limit.Major > 0 || isMinorOpen || version.Major > 0)
        {
            return version.Major == limit.Major;
        }

        if (limit.Minor > 0 || isPatchOpen || version.Minor > 0)
        {
            return version.Minor == limit.Minor;
        }

        return version.Patch == limit.Patch;
    }
}
