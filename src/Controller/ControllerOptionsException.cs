namespace GitOpsSecrets.Controller;

/// <summary>The flags or environment variables cannot be used.</summary>
public sealed class ControllerOptionsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>Everything that is wrong, one line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
