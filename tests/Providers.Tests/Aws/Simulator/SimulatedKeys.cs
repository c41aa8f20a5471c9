using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>KMS: what it wraps says for which key and context, and hides nothing.</summary>
internal static class SimulatedKeys
{
    public static JsonObject Answer(string operation, JsonObject body)
    {
        var bound = $"{(string?)body["KeyId"]} {body["EncryptionContext"]?.ToJsonString()}";
        if (operation == "Encrypt") return new JsonObject { ["CiphertextBlob"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{bound}\n{(string?)body["Plaintext"]}")), ["KeyId"] = (string?)body["KeyId"] };
        if (operation != "Decrypt") throw new AwsSimulatedException("UnknownOperationException");
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String((string)body["CiphertextBlob"]!)).Split('\n');
        return parts[0] == bound ? new JsonObject { ["Plaintext"] = parts[1], ["KeyId"] = (string?)body["KeyId"] } : throw new AwsSimulatedException("InvalidCiphertextException");
    }
}
