using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers;

/// <summary>What an entry of a PushSecret sends: an item of the source Secret, or all of it.</summary>
public static class PushedValue
{
    /// <summary>For a store that keeps one value a key: the item, or the whole Secret as a JSON object of strings.</summary>
    /// <returns>The caller's to zero.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the Secret has no such key.</exception>
    public static byte[] Of(PushRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!string.IsNullOrEmpty(request.SecretKey))
        {
            return [.. request.Source.Find(request.SecretKey) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"secret key {request.SecretKey} does not exist")];
        }

        foreach (var (key, value) in request.Source.Entries) if (!Utf8.IsValid(value)) request.Garble(key);
        using var text = new SecretBuffer();
        JsonObjectText.Write(request.Source.Entries.Select(entry => KeyValuePair.Create(entry.Key, (ReadOnlyMemory<byte>)entry.Value)), text);
        return text.ToArray();
    }

    /// <summary>For a store that keeps keys and values: the whole Secret, or the JSON object that the item holds, of whose members with one name the last counts; null when it holds none.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the Secret has no such key.</exception>
    public static JsonObject? KeysAndValues(PushRequest request)
    {
        var text = Of(request);
        request.GarbleUnlessText(text);
        try
        {
            return JsonTree.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
