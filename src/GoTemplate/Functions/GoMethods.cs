using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>Methods and fields of the values that have any, and what fmt's Stringer gives.</summary>
internal static class GoMethods
{
    public static GoFunction? Find(GoValue value, string name) => null;

    /// <param name="isExported">False when Go has such a field but templates may not see it.</param>
    public static GoValue? FieldOf(GoValue value, string name, out bool isExported)
    {
        isExported = true;
        return (value, name) switch
        {
            (GoCertificate certificate, "Cert") => certificate.Certificate,
            (GoCertificate certificate, "Key") => certificate.Key,
            _ => null,
        };
    }

    /// <summary>What the value's String method gives; null if it has none.</summary>
    public static GoString? StringOf(GoValue value) => null;

    public static GoString BytesOf(GoList list) => new(list.Items.Select(item => (byte)((GoUint)item).Value).ToArray());

    /// <summary>reflect.DeepEqual for two values of one type that are neither lists, maps nor scalars.</summary>
    public static bool SameContent(GoValue left, GoValue right) => ReferenceEquals(left, right);

    /// <summary>Go's == for two structs or pointers of one type.</summary>
    public static bool SameStruct(GoValue left, GoValue right) => ReferenceEquals(left, right);
}
