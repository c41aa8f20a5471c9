using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GitOpsSecrets.LocalCluster;

/// <summary>Kubeconfigs with everything inside, so that one file is all a client needs.</summary>
public static class KubeconfigFile
{
    public static string ForCertificate(Uri server, string caPem, X509Certificate2 client)
    {
        var key = client.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? throw new InvalidOperationException("the client certificate has no EC key");
        return Text(server, caPem, $"client-certificate-data: {Encode(client.ExportCertificatePem() + "\n")}\n    client-key-data: {Encode(key + "\n")}");
    }

    public static string ForToken(Uri server, string caPem, string token) => Text(server, caPem, $"token: {token}");

    /// <summary>Replaces the file whole, readable by its owner only.</summary>
    public static void Write(string path, string kubeconfig)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, options)) writer.Write(kubeconfig);
        File.Move(draft, path, overwrite: true);
    }

    private static string Text(Uri server, string caPem, string credentials) => $"""
        apiVersion: v1
        kind: Config
        current-context: local
        clusters:
        - name: local
          cluster:
            server: {server.AbsoluteUri.TrimEnd('/')}
            certificate-authority-data: {Encode(caPem)}
        contexts:
        - name: local
          context:
            cluster: local
            user: local
            namespace: default
        users:
        - name: local
          user:
            {credentials}

        """;

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
