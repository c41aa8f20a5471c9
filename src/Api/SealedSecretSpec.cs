using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

public sealed record SealedSecretSpec
{
    public SecretTemplateSpec? Template { get; init; }

    /// <summary>Legacy form: one sealed item, base64, whose plaintext is a whole Secret as JSON.</summary>
    public string? Data { get; init; }

    /// <summary>Item name → sealed value, base64. Entries that are not strings are dropped on reading, as in the original. Printed even when null, as there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    [JsonConverter(typeof(LenientStringMapConverter))]
    public SortedDictionary<string, string>? EncryptedData { get; init; }
}
