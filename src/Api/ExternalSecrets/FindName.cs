namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record FindName
{
    /// <summary>Regular expression (RE2) that is found anywhere in the name.</summary>
    public string? Regexp { get; init; }
}
