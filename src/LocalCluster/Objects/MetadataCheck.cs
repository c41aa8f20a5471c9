using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>Labels, annotations, owner references and finalizers of any object.</summary>
internal static partial class MetadataCheck
{
    private const int MaxAnnotationBytes = 256 * 1024;

    private const int LongestName = 63;

    private const string NameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string PrefixRule = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";

    private const string LabelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static void Check(JsonObject? old, JsonObject json, List<FieldError> errors)
    {
        var metadata = json["metadata"]!.AsObject();
        CheckLabels(metadata["labels"] as JsonObject ?? [], errors);
        var annotations = metadata["annotations"] as JsonObject ?? [];
        // Their case does not matter to the server, not even that of a prefix, where it does in a label.
        foreach (var (key, _) in annotations) CheckKey("metadata.annotations", key, key.ToLowerInvariant(), errors);
        var bytes = annotations.Sum(pair => pair.Key.Length + (pair.Value?.GetValue<string>().Length ?? 0));
        if (bytes > MaxAnnotationBytes) errors.Add(FieldError.TooLong("metadata.annotations", $"Too long: must have at most {MaxAnnotationBytes} bytes"));
        CheckOwners(metadata["ownerReferences"] as JsonArray ?? [], errors);
        CheckFinalizers(old, json, errors);
    }

    private static void CheckLabels(JsonObject labels, List<FieldError> errors)
    {
        foreach (var (key, value) in labels)
        {
            CheckKey("metadata.labels", key, key, errors);
            var text = value?.GetValue<string>() ?? "";
            if (text.Length > 63) errors.Add(FieldError.Invalid("metadata.labels", $"\"{text}\"", "must be no more than 63 characters"));
            else if (!ValueForm().IsMatch(text)) errors.Add(FieldError.Invalid("metadata.labels", $"\"{text}\"", LabelValue));
        }
    }

    private static void CheckKey(string field, string key, string judged, List<FieldError> errors) =>
        errors.AddRange(FaultsOfKey(judged).Select(fault => FieldError.Invalid(field, $"\"{key}\"", fault)));

    /// <summary><c>name</c> or <c>prefix/name</c>; each fault by itself.</summary>
    private static IEnumerable<string> FaultsOfKey(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2) return ["a qualified name " + NameRule + PrefixRule];
        var prefix = parts.Length == 1 ? [] : parts[0].Length == 0 ? ["must be non-empty"] : ObjectNames.FaultsOfSubdomain(parts[0]);
        return [.. prefix.Select(fault => "prefix part " + fault), .. FaultsOfName(parts[^1]).Select(fault => "name part " + fault)];
    }

    private static IEnumerable<string> FaultsOfName(string name)
    {
        if (name.Length == 0) yield return "must be non-empty";
        else if (name.Length > LongestName) yield return $"must be no more than {LongestName} characters";
        if (!NameForm().IsMatch(name)) yield return NameRule;
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
