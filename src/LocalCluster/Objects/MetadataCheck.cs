using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>Labels, annotations, owner references and finalizers of any object.</summary>
internal static partial class MetadataCheck
{
    private const int MaxAnnotationBytes = 256 * 1024;

    private const string QualifiedName =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static void Check(JsonObject? old, JsonObject json, List<FieldError> errors)
    {
        var metadata = json["metadata"]!.AsObject();
        CheckLabels(metadata["labels"] as JsonObject ?? [], errors);
        var annotations = metadata["annotations"] as JsonObject ?? [];
        foreach (var (key, _) in annotations) CheckKey("metadata.annotations", key, errors);
        var bytes = annotations.Sum(pair => pair.Key.Length + (pair.Value?.GetValue<string>().Length ?? 0));
        if (bytes > MaxAnnotationBytes) errors.Add(FieldError.TooLong("metadata.annotations", $"Too long: must have at most {MaxAnnotationBytes} bytes"));
        CheckOwners(metadata["ownerReferences"] as JsonArray ?? [], errors);
        CheckFinalizers(old, json, errors);
    }

    private static void CheckLabels(JsonObject labels, List<FieldError> errors)
    {
        foreach (var (key, value) in labels)
        {
            CheckKey("metadata.labels", key, errors);
            var text = value?.GetValue<string>() ?? "";
            if (text.Length > 63) errors.Add(FieldError.Invalid("metadata.labels", $"\"{text}\"", "must be no more than 63 characters"));
            else if (!ValueForm().IsMatch(text)) errors.Add(FieldError.Invalid("metadata.labels", $"\"{text}\"", LabelValue));
        }
    }

    private static void CheckKey(string field, string key, List<FieldError> errors)
    {
        var name = key[(key.LastIndexOf('/') + 1)..];
        if (name.Length > 63) errors.Add(FieldError.Invalid(field, $"\"{key}\"", "name part must be no more than 63 characters"));
        else if (!NameForm().IsMatch(name)) errors.Add(FieldError.Invalid(field, $"\"{key}\"", QualifiedName));
    }

    private static void CheckOwners(JsonArray owners, List<FieldError> errors)
    {
        for (var i = 0; i < owners.Count; i++)
        {
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                var shown = field switch { "apiVersion" => "version must not be empty", "uid" => "uid must not be empty", _ => $"{field} must not be empty" };
                if (string.IsNullOrEmpty(owners[i]?[field]?.GetValue<string>())) errors.Add(FieldError.Invalid($"metadata.ownerReferences.{field}", "\"\"", shown));
            }
        }

        var controllers = owners.Where(owner => owner?["controller"]?.GetValue<bool>() == true).ToList();
        if (controllers.Count < 2) return;
        errors.Add(FieldError.Invalid("metadata.ownerReferences", "[]", $"Only one reference can have Controller set to true. Found \"true\" in references for {controllers[0]!["kind"]}/{controllers[0]!["name"]} and {controllers[1]!["kind"]}/{controllers[1]!["name"]}"));
    }

    private static void CheckFinalizers(JsonObject? old, JsonObject json, List<FieldError> errors)
    {
        if (old?["metadata"]?["deletionTimestamp"] is null) return;
        var added = Finalizers.Of(json).Except(Finalizers.Of(old)).ToList();
        if (added.Count == 0) return;
        var shown = string.Join(", ", added.Select(name => $"\"{name}\""));
        errors.Add(FieldError.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{shown}}}"));
    }

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex ValueForm();
}
