using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Sops.Keys;

/// <summary>Reads the ways in which rules and command lines name cloud keys.</summary>
public static class MasterKeyText
{
    /// <param name="text">An ARN, with <c>+</c> and a role's ARN behind it if there is one.</param>
    /// <param name="profile">May be empty.</param>
    /// <param name="context">Pairs <c>NAME:VALUE</c>.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.Rule"/>: a pair is none.</exception>
    public static MasterKey AwsKms(string text, string profile, params IReadOnlyCollection<string> context)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(context);
        var parts = text.Replace(" ", "", StringComparison.Ordinal).Split("+arn:", 2);
        var key = Create(MasterKeyKind.AwsKms, ("arn", parts[0]), ("role", parts.Length > 1 ? "arn:" + parts[1] : null), ("aws_profile", profile));
        if (context.Count > 0) key.Fields.Add("context", ContextOf(context));
        return key;
    }

    public static MasterKey GcpKms(string resourceId) => Create(MasterKeyKind.GcpKms, ("resource_id", resourceId));

    public static MasterKey HuaweiKms(string keyId) => Create(MasterKeyKind.HuaweiKms, ("key_id", keyId));

    /// <param name="url"><c>https://VAULT/keys/NAME</c>, with or without a version.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.Rule"/>.</exception>
    public static MasterKey AzureKeyVault(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Segments is not ["/", "keys/", var name, .. var rest] || rest.Length > 1)
        {
            throw new SopsException(SopsFailure.Rule, "azure_keyvault: not an address of the form https://VAULT/keys/NAME/VERSION");
        }
        return Create(MasterKeyKind.AzureKeyVault, ("vault_url", uri.GetLeftPart(UriPartial.Authority)), ("name", name.TrimEnd('/')), ("version", rest.Length == 0 ? "" : rest[0]));
    }

    /// <param name="url"><c>https://HOST/v1/ENGINE/keys/NAME</c>.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.Rule"/>.</exception>
    public static MasterKey VaultTransit(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Segments is not ["/", "v1/", .. { Length: > 0 } engine, "keys/", var name])
        {
            throw new SopsException(SopsFailure.Rule, "hc_vault: not an address of the form https://HOST/v1/ENGINE/keys/NAME");
        }
        return Create(
            MasterKeyKind.VaultTransit,
            ("vault_address", uri.GetLeftPart(UriPartial.Authority)),
            ("engine_path", string.Concat(engine).TrimEnd('/')),
            ("key_name", name.TrimEnd('/')));
    }

    /// <summary>A map of rules has the fields that metadata has; those that are absent stay absent.</summary>
    internal static MasterKey FromFields(string kind, MapNode fields, params ReadOnlySpan<string> names)
    {
        var map = new MapNode();
        foreach (var name in names)
        {
            if (fields[name] is { } value) map.Add(name, value.Clone());
        }
        return new MasterKey(kind, map);
    }

    /// <summary>Rules spell two of its fields unlike metadata.</summary>
    internal static MasterKey AzureKeyVault(MapNode fields)
    {
        string Text(string name) => (fields[name] as ScalarNode)?.GetText() ?? "";
        return Create(MasterKeyKind.AzureKeyVault, ("vault_url", Text("vaultUrl")), ("name", Text("key")), ("version", Text("version")));
    }

    private static MapNode ContextOf(IEnumerable<string> pairs)
    {
        var map = new MapNode();
        foreach (var pair in pairs.Order(StringComparer.Ordinal))
        {
            var parts = pair.Split(':', 2);
            if (parts is not [{ Length: > 0 } name, { Length: > 0 } value] || map[name] is not null)
            {
                throw new SopsException(SopsFailure.Rule, "encryption context: not pairs of the form NAME:VALUE, each name once");
            }
            map.Add(name, ScalarNode.Text(value));
        }
        return map;
    }

    private static MasterKey Create(string kind, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var map = new MapNode();
        foreach (var (name, value) in fields)
        {
            if (value is not null) map.Add(name, ScalarNode.Text(value));
        }
        return new MasterKey(kind, map);
    }
}
