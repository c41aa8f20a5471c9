using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>Flags over kubeconfig over the pod's service account → one set of settings. Nothing is read before something asks.</summary>
internal sealed class ClusterSettingsReader(ParsedFlags flags)
{
    private const string NoConfiguration = "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable";
    private const string Remedy = "Give --kubeconfig FILE, set KUBECONFIG, or seal without the cluster with --cert FILE";

    private readonly Lazy<Kubeconfig> _config = new(() => Kubeconfig.Load(flags.TextOrNull(ClusterFlags.Kubeconfig)));

    /// <summary>The server of last resort: where no kubeconfig names one, outside a pod.</summary>
    private static string? Master => Environment.GetEnvironmentVariable("KUBERNETES_MASTER") is { Length: > 0 } address ? address : null;

    /// <summary>The namespace that the flag or its variable names; <c>null</c> when neither does.</summary>
    public string? ExplicitNamespace => flags.TextOrNull(ClusterFlags.Namespace);

    /// <summary>Flag, else the context's, else the pod's; <c>null</c> where there is no configuration at all.</summary>
    /// <exception cref="CommandException">A kubeconfig that cannot be read.</exception>
    public string? DefaultNamespace()
    {
        if (ExplicitNamespace is { } named) return named;
        if (!_config.Value.IsEmpty) return Context().Text("namespace") ?? "default";
        return ServiceAccount.OfPod.Namespace() ?? (Master is null ? null : "default");
    }

    /// <summary>As <see cref="DefaultNamespace"/>, but no configuration is an error, as the original has it.</summary>
    public string RequiredNamespace() => DefaultNamespace() ?? throw new CommandException(NoConfiguration);

    /// <exception cref="CommandException">No configuration, or one that is incomplete or unreadable.</exception>
    public ClusterSettings Read()
    {
        var config = _config.Value;
        if (config.IsEmpty && !flags.Given(ClusterFlags.Server))
        {
            if (ServiceAccount.OfPod.Settings() is { } pod) return WithFlags(pod);
            if (Master is null) throw new CommandException(NoConfiguration + $"\n{Remedy}");
        }
        var contextName = flags.TextOrNull(ClusterFlags.Context) ?? config.CurrentContext;
        var context = Context();
        var cluster = Entry(config.Cluster, flags.TextOrNull(ClusterFlags.Cluster), context.Text("cluster"), "cluster");
        var user = Entry(config.User, flags.TextOrNull(ClusterFlags.User), context.Text("user"), "user");
        var server = flags.TextOrNull(ClusterFlags.Server) ?? cluster.Text("server") ?? Master ?? throw new CommandException(
            $"invalid configuration: no server is given by {config.Source}{(contextName is null ? "" : $" for context \"{contextName}\"")}\n{Remedy}");
        var address = ParseServer(server, "https");
        var settings = WithFlags(new ClusterSettings
        {
            Server = address,
            ContextName = contextName ?? address.Host,
            ClusterEntry = cluster,
            AuthorityPem = DataOrFile(cluster, "certificate-authority"),
            SkipTlsVerify = cluster.True("insecure-skip-tls-verify"),
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = cluster.Text("proxy-url") is { } proxy ? ParseProxy(proxy) : null,
            Compression = !cluster.True("disable-compression"),
            Token = Token(user),
            UserName = user.Text("username"),
            Password = user.Text("password"),
            ClientCertificatePem = DataOrFile(user, "client-certificate"),
            ClientKeyPem = DataOrFile(user, "client-key"),
            ExecPlugin = user?["exec"] as JsonObject,
            ActAsUser = user.Text("as"),
            ActAsUid = user.Text("as-uid"),
            ActAsGroups = user.Texts("as-groups"),
        });
        // As kubectl: an address without a scheme is of a server with TLS where something speaks of TLS.
        var tls = settings.AuthorityPem is not null || settings.ClientCertificatePem is not null || settings.SkipTlsVerify;
        return settings with { Server = ParseServer(server, tls ? "https" : "http") };
    }

    private string? Token(JsonObject? user)
    {
        if (user.Text("token") is { } token) return token;
        if (user.Text("tokenFile") is { } file) return Encoding.UTF8.GetString(InputFile.Read(file)).Trim();
        return user?["auth-provider"] is JsonObject provider && flags.TextOrNull(ClusterFlags.Token) is null
            ? AuthProvider.Token(provider, _config.Value.Source, TimeProvider.System.GetUtcNow())
            : null;
    }

    private JsonObject? Context()
    {
        var asked = flags.TextOrNull(ClusterFlags.Context);
        var context = _config.Value.Context(asked ?? _config.Value.CurrentContext);
        return context is null && asked is not null
            ? throw new CommandException($"context \"{asked}\" does not exist in {_config.Value.Source}")
            : context;
    }

    private JsonObject? Entry(Func<string?, JsonObject?> find, string? fromFlag, string? fromContext, string what)
    {
        var name = fromFlag ?? fromContext;
        return find(name) ?? (name is null ? null : throw new CommandException($"{what} \"{name}\" does not exist in {_config.Value.Source}"));
    }

    private ClusterSettings WithFlags(ClusterSettings settings)
    {
        var authority = flags.TextOrNull(ClusterFlags.CertificateAuthority);
        var certificate = flags.TextOrNull(ClusterFlags.ClientCertificate);
        var key = flags.TextOrNull(ClusterFlags.ClientKey);
        var groups = flags.List(ClusterFlags.AsGroup);
        var timeout = flags.Text(ClusterFlags.RequestTimeout);
        return settings with
        {
            AuthorityPem = authority is null ? settings.AuthorityPem : ReadText(authority),
            TlsServerName = flags.TextOrNull(ClusterFlags.TlsServerName) ?? settings.TlsServerName,
            SkipTlsVerify = flags.Given(ClusterFlags.InsecureSkipTlsVerify) ? flags.On(ClusterFlags.InsecureSkipTlsVerify) : settings.SkipTlsVerify,
            Proxy = flags.TextOrNull(ClusterFlags.ProxyUrl) is { } proxy ? ParseProxy(proxy) : settings.Proxy,
            Compression = flags.Given(ClusterFlags.DisableCompression) ? !flags.On(ClusterFlags.DisableCompression) : settings.Compression,
            RequestTimeout = GoDuration.TryParse(timeout, out var time) && time >= TimeSpan.Zero
                ? ClusterSettings.Timeout(time)
                : throw new CommandException($"invalid value for option \"request-timeout\": \"{timeout}\" is no duration; write it as 30s or 2m"),
            Token = flags.TextOrNull(ClusterFlags.Token) ?? settings.Token,
            UserName = flags.TextOrNull(ClusterFlags.Username) ?? settings.UserName,
            Password = flags.TextOrNull(ClusterFlags.Password) ?? settings.Password,
            ClientCertificatePem = certificate is null ? settings.ClientCertificatePem : ReadText(certificate),
            ClientKeyPem = key is null ? settings.ClientKeyPem : ReadText(key),
            ActAsUser = flags.TextOrNull(ClusterFlags.As) ?? settings.ActAsUser,
            ActAsUid = flags.TextOrNull(ClusterFlags.AsUid) ?? settings.ActAsUid,
            ActAsGroups = groups.Count > 0 ? groups : settings.ActAsGroups,
        };
    }

    private string? DataOrFile(JsonObject? entry, string field)
    {
        if (entry.Text(field + "-data") is { } data)
        {
            return Base64Text.TryDecode(data, out var bytes, out _)
                ? Encoding.UTF8.GetString(bytes)
                : throw new CommandException($"{_config.Value.Source}: {field}-data is not base64");
        }
        return entry.Text(field) is { } path ? ReadText(path) : null;
    }

    private static string ReadText(string path) => Encoding.UTF8.GetString(InputFile.Read(path));

    private static Uri ParseServer(string text, string scheme)
    {
        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : $"{scheme}://{text}";
        return Uri.TryCreate(withScheme, UriKind.Absolute, out var server) && server.Scheme is "https" or "http"
            ? server
            : throw new CommandException($"invalid configuration: \"{text}\" is no address of an API server; write it as https://host:port");
    }

    private static Uri ParseProxy(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw new CommandException("invalid configuration: proxy-url must start with http://, https:// or socks5://");
}
