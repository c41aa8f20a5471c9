using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>KMS: what it wraps says for which key and context, and hides nothing.</summary>
internal sealed class SimulatedKeys
{
    private readonly ConcurrentDictionary<string, bool> isEnabled = new();

    /// <returns>The new key's ARN.</returns>
    public string Create(string region)
    {
        var arn = $"arn:aws:kms:{region}:123456789012:key/{Guid.NewGuid()}";
        isEnabled[arn] = true;
        return arn;
    }

    public void Disable(string arn) => isEnabled[arn] = false;

    public JsonObject Answer(string operation, JsonObject body)
    {
        var arn = (string)body["KeyId"]!;
        if (!isEnabled.TryGetValue(arn, out var enabled)) throw new AwsSimulatedException("NotFoundException", $"Key '{arn}' does not exist");
        if (!enabled) throw new AwsSimulatedException("DisabledException", $"{arn} is disabled.");
        var context = body["EncryptionContext"]?.ToJsonString();
        if (operation == "Encrypt") return new JsonObject { ["CiphertextBlob"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{arn}\n{context}\n{(string?)body["Plaintext"]}")), ["KeyId"] = arn };
        if (operation != "Decrypt") throw new AwsSimulatedException("UnknownOperationException");
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String((string)body["CiphertextBlob"]!)).Split('\n');
        if (parts[0] != arn) throw new AwsSimulatedException("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");
        return parts[1] == (context ?? "") ? new JsonObject { ["Plaintext"] = parts[2], ["KeyId"] = arn } : throw new AwsSimulatedException("InvalidCiphertextException");
    }
}
