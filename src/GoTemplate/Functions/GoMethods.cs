using GitOpsSecrets.GoTemplate.Times;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.GoTemplate.Versions;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>Methods and fields of the values that have any, and what fmt's Stringer gives.</summary>
internal static class GoMethods
{
    private static readonly string[] TimeFields = ["wall", "ext", "loc"];
    private static readonly string[] VersionFields = ["major", "minor", "patch", "pre", "metadata", "original"];

    public static GoFunction? Find(GoValue value, string name) => value switch
    {
        GoTime time => TimeMethods.Find(time, name),
        GoVersion version => VersionFunctions.Find(version, name),
        GoInt number when number.Type == GoType.Duration => TimeMethods.OfDuration(number.Value, name),
        _ => name == "String" && StringOf(value) is { } text ? new(name, "", _ => text) : null,
    };

    /// <param name="isExported">False when Go has such a field but templates may not see it.</param>
    public static GoValue? FieldOf(GoValue value, string name, out bool isExported)
    {
        isExported = !((value is GoTime && TimeFields.Contains(name)) || (value is GoVersion && VersionFields.Contains(name)));
        return (value, name) switch
        {
            (GoCertificate certificate, "Cert") => certificate.Certificate,
            (GoCertificate certificate, "Key") => certificate.Key,
            _ => null,
        };
    }

    /// <summary>What the value's String method gives; null if it has none.</summary>
    public static GoString? StringOf(GoValue value) => value switch
    {
        GoTime time => GoString.Of(TimeText.Show(time)),
        GoVersion version => GoString.Of(version.Text),
        GoLocation location => GoString.Of(location.Name),
        GoInt number when number.Type == GoType.Duration => GoString.Of(GoDuration.Text(number.Value)),
        GoInt { Value: >= 1 and <= 12 } number when number.Type == GoType.Month => GoString.Of(CivilDate.MonthNames[number.Value - 1]),
        GoInt { Value: >= 0 and <= 6 } number when number.Type == GoType.Weekday => GoString.Of(CivilDate.WeekdayNames[number.Value]),
        _ => null,
    };

    /// <summary>The text that stands for the value in JSON; null if it has none.</summary>
    public static GoString? JsonTextOf(GoValue value) => value switch
    {
        GoTime time => GoString.Of(TimeText.Format(time, TimeText.Rfc3339Nano)),
        GoVersion version => GoString.Of(version.Text),
        _ => null,
    };

    public static GoString BytesOf(GoList list) => new(list.Items.Select(item => (byte)((GoUint)item).Value).ToArray());

    /// <summary>reflect.DeepEqual for two values of one type that are neither lists, maps nor scalars.</summary>
    public static bool SameContent(GoValue left, GoValue right) => (left, right) switch
    {
        (GoVersion a, GoVersion b) => a.Original == b.Original,
        (GoCertificate a, GoCertificate b) => a.Certificate == b.Certificate && a.Key == b.Key,
        _ => SameStruct(left, right),
    };

    /// <summary>Go's == for two structs or pointers of one type.</summary>
    public static bool SameStruct(GoValue left, GoValue right) => (left, right) switch
    {
        (GoTime a, GoTime b) => a.CompareTo(b) == 0 && a.Location.Name == b.Location.Name,
        _ => ReferenceEquals(left, right),
    };
}
