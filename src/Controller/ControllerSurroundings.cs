using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Controller;

/// <summary>What a controller takes from the process around it; replace it to run one inside another program or a test.</summary>
public sealed record ControllerSurroundings
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Environment variables; <c>SEALED_SECRETS_*</c>, <c>POD_NAMESPACE</c> and <c>POD_NAME</c> are read.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = OfProcess();

    /// <summary>Where informational lines of the log go.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where warnings and errors of the log go.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Where ExternalSecrets are fetched from; <c>null</c> for all that this program knows.</summary>
    public ProviderCatalog? Providers { get; init; }

    /// <summary>What makes values; <c>null</c> for all that this program knows.</summary>
    public GeneratorCatalog? Generators { get; init; }

    /// <summary>The HTTP clients of both; <c>null</c> for those that the options ask for.</summary>
    public IProviderHttp? Http { get; init; }

    private static Dictionary<string, string> OfProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }
        return variables;
    }
}
