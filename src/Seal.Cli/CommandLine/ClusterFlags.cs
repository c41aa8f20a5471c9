namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>How to reach the cluster and the controller in it: the flags that kubectl has, and where the controller runs.</summary>
internal static class ClusterFlags
{
    public static readonly Flag Kubeconfig = new("kubeconfig", FlagKind.Text, "kubeconfig file; else $KUBECONFIG, ~/.kube/config, the pod's service account") { Value = "FILE" };
    public static readonly Flag Context = new("context", FlagKind.Text, "kubeconfig context to use") { Value = "NAME" };
    public static readonly Flag Cluster = new("cluster", FlagKind.Text, "kubeconfig cluster to use") { Value = "NAME" };
    public static readonly Flag User = new("user", FlagKind.Text, "kubeconfig user to use") { Value = "NAME" };
    public static readonly Flag Namespace = new("namespace", FlagKind.Text, "namespace of the Secret; checked against the input, and filled in where it has none") { Letter = 'n', Value = "NAME" };
    public static readonly Flag Server = new("server", FlagKind.Text, "address of the API server") { Value = "URL" };
    public static readonly Flag CertificateAuthority = new("certificate-authority", FlagKind.Text, "certificates that the API server's must lead to") { Value = "FILE" };
    public static readonly Flag TlsServerName = new("tls-server-name", FlagKind.Text, "host name that the API server's certificate must bear") { Value = "NAME" };
    public static readonly Flag InsecureSkipTlsVerify = new("insecure-skip-tls-verify", FlagKind.Toggle, "do not check the API server's certificate: anyone in between can then read and change everything");
    public static readonly Flag ClientCertificate = new("client-certificate", FlagKind.Text, "client certificate") { Value = "FILE" };
    public static readonly Flag ClientKey = new("client-key", FlagKind.Text, "its private key") { Value = "FILE" };
    public static readonly Flag Token = new("token", FlagKind.Text, "bearer token (visible to other users of this machine: prefer a kubeconfig)") { Value = "TOKEN" };
    public static readonly Flag Username = new("username", FlagKind.Text, "user name for basic authentication") { Value = "NAME" };
    public static readonly Flag Password = new("password", FlagKind.Text, "its password (visible to other users of this machine: prefer a kubeconfig)") { Value = "TEXT" };
    public static readonly Flag As = new("as", FlagKind.Text, "user to act as") { Value = "NAME" };
    public static readonly Flag AsGroup = new("as-group", FlagKind.List, "groups to act as") { Value = "NAME" };
    public static readonly Flag AsUid = new("as-uid", FlagKind.Text, "UID to act as") { Value = "UID" };
    public static readonly Flag ProxyUrl = new("proxy-url", FlagKind.Text, "proxy to reach the API server through (http, https, socks5)") { Value = "URL" };
    public static readonly Flag RequestTimeout = new("request-timeout", FlagKind.Text, "give up a request after so long, as 30s or 2m; 0 waits for ever") { Value = "TIME", Default = "0" };
    public static readonly Flag DisableCompression = new("disable-compression", FlagKind.Toggle, "do not ask for compressed answers");

    public static readonly Flag ControllerName = new("controller-name", FlagKind.Text, "name of the controller's Service (the Helm chart's default is sealed-secrets)") { Value = "NAME", Default = "sealed-secrets-controller" };
    public static readonly Flag ControllerNamespace = new("controller-namespace", FlagKind.Text, "namespace of the controller") { Value = "NAME", Default = "kube-system" };

    /// <summary>For commands that speak to the API server and not to the controller.</summary>
    public static FlagGroup Connection { get; } = new("Cluster",
    [
        Kubeconfig, Context, Cluster, User, Server, CertificateAuthority, TlsServerName, InsecureSkipTlsVerify,
        ClientCertificate, ClientKey, Token, Username, Password, As, AsGroup, AsUid, ProxyUrl, RequestTimeout, DisableCompression,
    ]);

    public static FlagGroup Group { get; } = new(Connection.Heading, [ControllerName, ControllerNamespace, .. Connection.Flags]);
}
