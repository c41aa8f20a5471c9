using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Names of items in Secrets and ConfigMaps.</summary>
internal static partial class DataKeys
{
    private const string Advice =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public static void Check(string field, JsonObject data, List<FieldError> errors)
    {
        foreach (var (key, _) in data)
        {
            if (key.Length > 253) errors.Add(FieldError.Invalid($"{field}[{key}]", $"\"{key}\"", "must be no more than 253 characters"));
            if (key is "." or "..") errors.Add(FieldError.Invalid($"{field}[{key}]", $"\"{key}\"", $"must not be '{key}'"));
            else if (!Allowed().IsMatch(key)) errors.Add(FieldError.Invalid($"{field}[{key}]", $"\"{key}\"", Advice));
        }
    }

    [GeneratedRegex("^[-._a-zA-Z0-9]+$")]
    private static partial Regex Allowed();
}
