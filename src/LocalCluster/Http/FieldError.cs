namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>One cause of a refusal, in the API server's words.</summary>
/// <param name="Reason">As in <c>details.causes[].reason</c>, for example <c>FieldValueInvalid</c>.</param>
/// <param name="Field">Path of the field, for example <c>spec.size</c>.</param>
/// <param name="Message">Without the field.</param>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string detail) =>
        new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : "Required value: " + detail);

    public static FieldError Invalid(string field, string shownValue, string detail) =>
        new("FieldValueInvalid", field, $"Invalid value: {shownValue}: {detail}");

    public static FieldError Forbidden(string field, string detail) =>
        new("FieldValueForbidden", field, "Forbidden: " + detail);

    public static FieldError NotSupported(string field, string shownValue, IEnumerable<string> supported) =>
        new("FieldValueNotSupported", field, $"Unsupported value: {shownValue}: supported values: {string.Join(", ", supported)}");

    public static FieldError Duplicate(string field, string shownValue) =>
        new("FieldValueDuplicate", field, "Duplicate value: " + shownValue);

    public static FieldError TooLong(string field, string detail) => new("FieldValueInvalid", field, detail);
}
