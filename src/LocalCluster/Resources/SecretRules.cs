using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Secrets: <c>stringData</c> folds into <c>data</c>, the type is fixed, well-known types want their keys, immutable ones stay.</summary>
internal static class SecretRules
{
    private const int MaxBytes = 1024 * 1024;
    private const string Immutable = "field is immutable when `immutable` is set";

    private static readonly Dictionary<string, string[]> WantedKeys = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
    };

    public static ResourceRules Rules { get; } = new(Prepare, Check);

    private static void Prepare(JsonObject? old, JsonObject secret)
    {
        if (secret["stringData"] is JsonObject texts)
        {
            var data = secret["data"] as JsonObject ?? [];
            foreach (var (key, text) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text?.GetValue<string>() ?? ""));
            if (data.Parent is null && data.Count > 0) secret["data"] = data;
        }

        secret.Remove("stringData");
        if (string.IsNullOrEmpty(secret["type"]?.GetValue<string>()))
        {
            secret["type"] = old?["type"]?.GetValue<string>() is { Length: > 0 } was ? was : "Opaque";
        }
    }

    private static void Check(JsonObject? old, JsonObject secret, List<FieldError> errors)
    {
        var data = secret["data"] as JsonObject ?? [];
        DataKeys.Check("data", data, errors);
        if (old is null)
        {
            CheckSize(data, errors);
            CheckType(secret["type"]!.GetValue<string>(), data, secret, errors);
            return;
        }

        CheckUnchanged(old, secret, errors);
        CheckSize(data, errors);
        CheckType(secret["type"]!.GetValue<string>(), data, secret, errors);
    }

    private static void CheckUnchanged(JsonObject old, JsonObject secret, List<FieldError> errors)
    {
        var type = secret["type"]!.GetValue<string>();
        if (old["type"]?.GetValue<string>() != type) errors.Add(FieldError.Invalid("type", $"\"{type}\"", "field is immutable"));
        if (old["immutable"]?.GetValue<bool>() != true) return;
        if (secret["immutable"]?.GetValue<bool>() != true) errors.Add(FieldError.Forbidden("immutable", Immutable));
        if (!JsonNode.DeepEquals(old["data"] ?? new JsonObject(), secret["data"] ?? new JsonObject())) errors.Add(FieldError.Forbidden("data", Immutable));
    }

    private static void CheckSize(JsonObject data, List<FieldError> errors)
    {
        var total = data.Sum(pair => (long)Base64Length(pair.Value!.GetValue<string>()));
        if (total > MaxBytes) errors.Add(FieldError.TooLong("data", $"Too long: must have at most {MaxBytes} bytes"));
    }

    private static int Base64Length(string text) => (text.Length / 4 * 3) - (text.EndsWith("==", StringComparison.Ordinal) ? 2 : text.EndsWith('=') ? 1 : 0);

    private static void CheckType(string type, JsonObject data, JsonObject secret, List<FieldError> errors)
    {
        if (WantedKeys.TryGetValue(type, out var keys))
        {
            errors.AddRange(keys.Where(key => !data.ContainsKey(key)).Select(key => FieldError.Required($"data[{key}]", "")));
        }

        if (type == "kubernetes.io/basic-auth" && !data.ContainsKey("username") && !data.ContainsKey("password"))
        {
            errors.Add(FieldError.Required("data[username]", ""));
            errors.Add(FieldError.Required("data[password]", ""));
        }

        if (type == "kubernetes.io/service-account-token" && secret["metadata"]?["annotations"]?["kubernetes.io/service-account.name"] is null)
        {
            errors.Add(FieldError.Required("metadata.annotations[kubernetes.io/service-account.name]", ""));
        }

        if (type == "kubernetes.io/dockerconfigjson" && data[".dockerconfigjson"] is { } config && !IsJson(config.GetValue<string>()))
        {
            errors.Add(FieldError.Invalid("data[.dockerconfigjson]", "\"<secret contents redacted>\"", "invalid character"));
        }
    }

    private static bool IsJson(string base64)
    {
        try
        {
            JsonNode.Parse(Convert.FromBase64String(base64));
            return true;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException)
        {
            return false;
        }
    }
}
