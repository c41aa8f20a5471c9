namespace GitOpsSecrets.Seal.Cli;

/// <summary>What the user has to be told: printed as <c>error: …</c>, exit code 1 unless it names another. Never holds a secret value.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(string message) : base(message) { }

    public CommandException(string message, Exception cause) : base(message, cause) { }

    /// <summary>What is wrong, where the message begins with the object that it is about; null elsewhere.</summary>
    public string? Problem { get; init; }

    public int Code { get; init; } = ExitCode.Failure;
}
