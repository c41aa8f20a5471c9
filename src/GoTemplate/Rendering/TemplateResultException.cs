namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>What a template rendered is not what its scope or decoding needs. The message is External Secrets'; it can quote what was rendered.</summary>
public sealed class TemplateResultException : Exception
{
    public TemplateResultException()
        : this("")
    {
    }

    public TemplateResultException(string message)
        : base(message) => PublicMessage = message;

    public TemplateResultException(string message, Exception innerException)
        : base(message, innerException) => PublicMessage = message;

    /// <param name="publicMessage">Holds nothing of what was rendered.</param>
    internal TemplateResultException(string message, string publicMessage, Exception? innerException = null)
        : base(message, innerException) => PublicMessage = publicMessage;

    /// <summary>The message without anything that was rendered: fit for status, events and logs.</summary>
    public string PublicMessage { get; }
}
