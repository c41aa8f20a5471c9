namespace GitOpsSecrets.Providers.Azure;

/// <summary>What an application shows at its login: a password, or an assertion that somebody whom the tenant trusts has signed.</summary>
internal sealed record AzureProof(string Tenant, string Client, string? Password, string? Assertion)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The fields that prove it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields => Password is not null
        ? [new("client_id", Client), new("client_secret", Password)]
        : [new("client_id", Client), new("client_assertion_type", AssertionType), new("client_assertion", Assertion ?? "")];

    /// <summary>Text of the login service, should it repeat what it was shown.</summary>
    public string Redact(string text)
    {
        foreach (var shown in (string?[])[Password, Assertion])
        {
            if (!string.IsNullOrEmpty(shown)) text = text.Replace(shown, "…", StringComparison.Ordinal);
        }
        return text;
    }

    public override string ToString() => $"application {Client}";
}
