using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>Names of kinds as reflect.Kind prints them.</summary>
internal static class GoKinds
{
    public static string Name(GoValue value) => value is GoNil ? "invalid" : value.Kind switch
    {
        GoKind.Pointer => "ptr",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
