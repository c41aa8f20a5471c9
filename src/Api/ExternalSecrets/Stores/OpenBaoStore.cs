using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>OpenBao, KV version 1 or 2.</summary>
[Rule("[has(self.caBundle),has(self.caProvider)].filter(x,x==true).size() <= 1", "at most one of the fields in [caBundle caProvider] may be set")]
public sealed record OpenBaoStore
{
    public AuthBlock? Auth { get; init; }

    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public string? Namespace { get; init; }
    public string? Path { get; init; }
    public required string Server { get; init; }

    /// <summary>v2 by default.</summary>
    [Values("v1", "v2")]
    [Schema(Nullable = true)]
    public string? Version { get; init; }

    [Rule("[has(self.appRole),has(self.tokenSecretRef),has(self.userPass)].filter(x,x==true).size() == 1", "exactly one of the fields in [appRole tokenSecretRef userPass] must be set")]
    public sealed record AuthBlock
    {
        public AppRoleBlock? AppRole { get; init; }
        public string? Namespace { get; init; }
        public SecretKeySelector? TokenSecretRef { get; init; }
        public UserPassBlock? UserPass { get; init; }
    }

    [Rule("[has(self.roleId),has(self.roleRef)].filter(x,x==true).size() == 1", "exactly one of the fields in [roleId roleRef] must be set")]
    public sealed record AppRoleBlock
    {
        /// <summary>approle by default.</summary>
        [Schema(Nullable = true)]
        public string? Path { get; init; }

        [Schema(MinLength = 1)]
        public string? RoleId { get; init; }

        public SecretKeySelector? RoleRef { get; init; }
        public required SecretKeySelector SecretRef { get; init; }
    }

    public sealed record UserPassBlock
    {
        /// <summary>userpass by default.</summary>
        [Schema(Nullable = true)]
        public string? Path { get; init; }

        public SecretKeySelector? SecretRef { get; init; }
        public required string Username { get; init; }
    }
}
