namespace GitOpsSecrets.Providers.Azure;

/// <summary>What the controller's own environment says about Azure: its workload identity and its metadata server. Read here and never written.</summary>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
internal sealed record AzureSurroundings(Func<string, string?> Variable)
{
    public const string ClientId = "AZURE_CLIENT_ID";
    public const string TenantId = "AZURE_TENANT_ID";
    public const string TokenFile = "AZURE_FEDERATED_TOKEN_FILE";
    public const string AuthorityHost = "AZURE_AUTHORITY_HOST";
    public const string IdentityEndpoint = "IDENTITY_ENDPOINT";
    public const string IdentityHeader = "IDENTITY_HEADER";
    public const string ArcEndpoint = "IMDS_ENDPOINT";
    public const string MetadataHost = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

    /// <summary>Those of this process.</summary>
    public static AzureSurroundings OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Where the agent of Azure Arc puts the files that prove who may read them.</summary>
    public string ArcFolder { get; init; } = "/var/opt/azcmagent/tokens";

    /// <summary>A variable that is set to something.</summary>
    public string? Value(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
