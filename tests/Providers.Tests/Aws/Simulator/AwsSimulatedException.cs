namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>An error, as AWS gives it.</summary>
internal sealed class AwsSimulatedException(string code, string message = "because", int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;
}
