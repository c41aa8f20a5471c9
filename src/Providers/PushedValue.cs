using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers;

/// <summary>What an entry of a PushSecret pushes, in the forms that stores take.</summary>
public static class PushedValue
{
    /// <summary>The value of the chosen key; of the whole Secret, a JSON object of strings.</summary>
    /// <returns>The caller's to zero.</returns>
    /// <exception cref="ProviderException">The Secret has no such key.</exception>
    public static byte[] Bytes(PushRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrEmpty(request.SecretKey)) return JsonSerializer.SerializeToUtf8Bytes(Whole(request), ProviderJson.Default.JsonObject);
        return [.. request.Source.Find(request.SecretKey) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"the source Secret has no key \"{request.SecretKey}\"")];
    }

    /// <summary>As <see cref="Bytes"/>, as text.</summary>
    /// <exception cref="ProviderException">The Secret has no such key.</exception>
    public static string Text(PushRequest request) => Encoding.UTF8.GetString(Bytes(request));

    /// <summary>Keys and values: the whole Secret, or the JSON object that the chosen key holds; null when it holds none.</summary>
    /// <exception cref="ProviderException">The Secret has no such key.</exception>
    public static JsonObject? KeysAndValues(PushRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrEmpty(request.SecretKey)) return Whole(request);
        try
        {
            return JsonNode.Parse(Bytes(request)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Whole(PushRequest request)
    {
        var all = new JsonObject();
        foreach (var (key, value) in request.Source.Entries) all[key] = Encoding.UTF8.GetString(value);
        return all;
    }
}
