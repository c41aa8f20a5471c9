namespace GitOpsSecrets.Providers.Azure;

/// <summary>What the controller's own environment says about Azure: its workload identity. Read here and never written.</summary>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
internal sealed record AzureSurroundings(Func<string, string?> Variable)
{
    public const string ClientId = "AZURE_CLIENT_ID";
    public const string TenantId = "AZURE_TENANT_ID";
    public const string TokenFile = "AZURE_FEDERATED_TOKEN_FILE";
    public const string AuthorityHost = "AZURE_AUTHORITY_HOST";

    /// <summary>Those of this process.</summary>
    public static AzureSurroundings OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>A variable that is set to something.</summary>
    public string? Value(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
