namespace GitOpsSecrets.Providers.Http;

/// <summary>The bodies of answers without copies that nobody zeroes.</summary>
public static class ProviderAnswer
{
    /// <summary>The body as it is held: to be read before the answer is disposed.</summary>
    public static ReadOnlyMemory<byte> Body(this HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Content is SecretContent content ? content.Body : throw new InvalidOperationException("the answer is not one of a provider's client");
    }

    /// <summary>The body, taken out of the answer: the caller's to zero.</summary>
    public static byte[] TakeBody(this HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Content is SecretContent content ? content.Take() : throw new InvalidOperationException("the answer is not one of a provider's client");
    }
}
