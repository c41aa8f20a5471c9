namespace GitOpsSecrets.Providers.Azure;

/// <summary>What a remote key names: <c>name</c> or <c>secret/name</c>, <c>cert/name</c>, <c>key/name</c>. Pure.</summary>
/// <remarks>Keys are tenants' input: only letters, digits and hyphens, which is what a vault allows, become part of an address.</remarks>
internal sealed record KeyVaultName(KeyVaultKind Kind, string Name)
{
    private const int LongestName = 127;

    /// <summary>Such as <c>secrets</c>: the folder in the vault's addresses.</summary>
    public string Collection => Kind switch
    {
        KeyVaultKind.Certificate => "certificates",
        KeyVaultKind.Key => "keys",
        _ => "secrets",
    };

    /// <summary>As it stands in the original's names of calls, and in messages.</summary>
    public string Noun => Kind.ToString();

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there can be no such object.</exception>
    public static KeyVaultName Of(string key)
    {
        // What follows a second slash never counted in the original.
        var parts = key.Split('/');
        var name = parts.Length == 1 ? parts[0] : parts[1];
        var kind = parts.Length == 1 ? KeyVaultKind.Secret : parts[0] switch
        {
            "secret" => KeyVaultKind.Secret,
            "cert" => KeyVaultKind.Certificate,
            "key" => KeyVaultKind.Key,
            _ => throw new ProviderException(ProviderFailureKind.Invalid, $"unknown Azure Keyvault object Type for {key}: a key is a name, or begins with secret/, cert/ or key/"),
        };
        if (name.Length is 0 or > LongestName || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            throw new ProviderException(ProviderFailureKind.Invalid, $"\"{name}\" cannot be a name in Key Vault: letters, digits and hyphens, at most {LongestName}");
        return new(kind, name);
    }

    /// <summary>The object's path; with a version, that one's.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it cannot be a version.</exception>
    public string Path(string? version = null)
    {
        if (string.IsNullOrEmpty(version)) return $"{Collection}/{Name}";
        return version.All(char.IsAsciiLetterOrDigit)
            ? $"{Collection}/{Name}/{version}"
            : throw new ProviderException(ProviderFailureKind.Invalid, $"\"{version}\" cannot be a version in Key Vault: letters and digits");
    }
}
