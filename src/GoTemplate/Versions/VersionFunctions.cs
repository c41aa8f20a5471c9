using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Versions;

/// <summary>Semantic versions, and what can be asked of one.</summary>
internal static class VersionFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("semver", "string", call => GoVersion.Parse(call.Text(0).ToText())),
        new("semverCompare", "string, string", Compare),
    ];

#pragma warning disable CA1502 // A table of methods, one a line.
    public static GoFunction? Find(GoVersion version, string name) => name switch
    {
        "Major" => new(name, "", _ => new GoUint(GoType.Uint64, version.Major)),
        "Minor" => new(name, "", _ => new GoUint(GoType.Uint64, version.Minor)),
        "Patch" => new(name, "", _ => new GoUint(GoType.Uint64, version.Patch)),
        "Prerelease" => new(name, "", _ => GoString.Of(version.Prerelease)),
        "Metadata" => new(name, "", _ => GoString.Of(version.Metadata)),
        "Original" => new(name, "", _ => GoString.Of(version.Original)),
        "String" => new(name, "", _ => GoString.Of(version.Text)),
        "Compare" => new(name, "version", call => GoInt.Of(Order(version, call))),
        "Equal" => new(name, "version", call => GoBool.Of(Order(version, call) == 0)),
        "LessThan" => new(name, "version", call => GoBool.Of(Order(version, call) < 0)),
        "LessThanEqual" => new(name, "version", call => GoBool.Of(Order(version, call) <= 0)),
        "GreaterThan" => new(name, "version", call => GoBool.Of(Order(version, call) > 0)),
        "GreaterThanEqual" => new(name, "version", call => GoBool.Of(Order(version, call) >= 0)),
        "IncMajor" => new(name, "", _ => version.Next(0)),
        "IncMinor" => new(name, "", _ => version.Next(1)),
        "IncPatch" => new(name, "", _ => version.Next(2)),
        "SetPrerelease" => new(name, "string", call => version.WithPrerelease(call.Text(0).ToText())),
        "SetMetadata" => new(name, "string", call => version.WithMetadata(call.Text(0).ToText())),
        _ => null,
    };

#pragma warning restore CA1502

    private static int Order(GoVersion version, Call call) => call[0] is GoVersion other
        ? version.CompareTo(other)
        : throw new Execution.FunctionException("runtime error: invalid memory address or nil pointer dereference");

    private static GoBool Compare(Call call)
    {
        var constraints = new VersionConstraints(call.Text(0).ToText());
        return GoBool.Of(constraints.Check(GoVersion.Parse(call.Text(1).ToText())));
    }
}
