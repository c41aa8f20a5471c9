using GitOpsSecrets.GoTemplate.Functions.Encoding;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>What <c>valuesDecodingStrategy</c> makes of a rendered value.</summary>
public static class RenderedValue
{
    /// <param name="strategy">None (or empty), Base64, Base64URL, or Auto: the first that reads, else as it is.</param>
    /// <param name="key">For the message.</param>
    /// <exception cref="TemplateResultException">Not decodable, or no such strategy.</exception>
    public static byte[] Decode(string strategy, string key, byte[] value)
    {
        var (bytes, error) = strategy switch
        {
            "" or "None" => (value, null),
            "Base64" => GoBase64.Decode(value),
            "Base64URL" => GoBase64.DecodeUrl(value),
            "Auto" => (GoBase64.Decode(value).Bytes ?? GoBase64.DecodeUrl(value).Bytes ?? value, null),
            _ => ((byte[]?)null, $"decoding strategy {strategy} is not supported"),
        };
        return bytes ?? throw new TemplateResultException(
            $"failed to decode rendered template value for key {key}: {error}", $"failed to decode rendered template value: {error}");
    }
}
