using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.LocalCluster.Auth;

namespace GitOpsSecrets.TestClusters;

/// <summary>Certificates, keys and kubeconfigs that the programs of a control plane read, made in one directory.</summary>
internal sealed class ControlPlaneFiles
{
    public const string Egress = "egress.yaml";
    public const string EgressSocket = "egress.sock";
    public const string AuditPolicy = "audit.yaml";
    public const string AuditLog = "audit.log";

    private readonly string directory;

    public ControlPlaneFiles(string directory, CertificateAuthority authority, CertificateAuthority frontProxy, string adminToken, Uri address)
    {
        this.directory = directory;
        Save("ca.crt", authority.Pem);
        Save("ca.key", Key(authority.Certificate));
        Save("front-proxy-ca.crt", frontProxy.Pem);
        using var server = authority.IssueServer("kube-apiserver", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc");
        SavePair("apiserver", server);
        using var proxy = frontProxy.IssueClient("CN=front-proxy-client");
        SavePair("front-proxy-client", proxy);
        using var manager = authority.IssueClient("CN=system:kube-controller-manager");
        Save("kube-controller-manager.kubeconfig", KubeconfigFile.ForCertificate(address, authority.Pem, manager));
        using var signing = RSA.Create(2048);
        Save("sa.key", signing.ExportRSAPrivateKeyPem());
        Save("sa.pub", signing.ExportSubjectPublicKeyInfoPem());
        Save(Egress, EgressRelay.Configuration(Of(EgressSocket)));
        Save(AuditPolicy, TestClusters.AuditLog.Policy);
        Save("tokens.csv", $"{adminToken},kubernetes-admin-token,kubernetes-admin-token,\"system:masters\"\n");
    }

    public string Of(string name) => Path.Combine(directory, name);

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportECPrivateKeyPem();
    }

    private void SavePair(string name, X509Certificate2 certificate)
    {
        Save(name + ".crt", certificate.ExportCertificatePem() + "\n");
        Save(name + ".key", Key(certificate));
    }

    private void Save(string name, string text) => KubeconfigFile.Write(Of(name), text);
}
