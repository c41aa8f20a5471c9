namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>Tests that change the environment of the process, where the vendor's libraries look for a machine's identity: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AzureEnvironment
{
    public const string Name = "the environment of the process";
}
