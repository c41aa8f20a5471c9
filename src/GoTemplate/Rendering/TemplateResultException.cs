namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>What a template rendered is not what its scope or decoding needs. The message is External Secrets' and holds no value.</summary>
public sealed class TemplateResultException : Exception
{
    public TemplateResultException()
    {
    }

    public TemplateResultException(string message)
        : base(message)
    {
    }

    public TemplateResultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
