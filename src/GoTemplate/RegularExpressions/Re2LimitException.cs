namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>A regular expression asked for more than one may use.</summary>
public sealed class Re2LimitException : Exception
{
    public Re2LimitException()
    {
    }

    public Re2LimitException(string message)
        : base(message)
    {
    }

    public Re2LimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
