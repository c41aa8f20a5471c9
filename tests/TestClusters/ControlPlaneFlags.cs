namespace GitOpsSecrets.TestClusters;

/// <summary>The command lines of a control plane on loopback.</summary>
internal static class ControlPlaneFlags
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";

    public static IEnumerable<string> Etcd(string data, int client, int peer) =>
    [
        "--name=default", $"--data-dir={data}", "--unsafe-no-fsync", "--log-level=warn",
        $"--listen-client-urls=http://127.0.0.1:{client}", $"--advertise-client-urls=http://127.0.0.1:{client}",
        $"--listen-peer-urls=http://127.0.0.1:{peer}", $"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
        $"--initial-cluster=default=http://127.0.0.1:{peer}",
    ];

    public static IEnumerable<string> ApiServer(ControlPlaneFiles files, int etcd, int port) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1", $"--secure-port={port}", "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16", "--allow-privileged=true",
        $"--tls-cert-file={files.Of("apiserver.crt")}", $"--tls-private-key-file={files.Of("apiserver.key")}",
        $"--client-ca-file={files.Of("ca.crt")}", $"--cert-dir={files.Of("certs")}", $"--token-auth-file={files.Of("tokens.csv")}",
        "--authorization-mode=Node,RBAC", "--enable-admission-plugins=OwnerReferencesPermissionEnforcement", $"--egress-selector-config-file={files.Of(ControlPlaneFiles.Egress)}",
        $"--service-account-issuer={Issuer}", $"--service-account-signing-key-file={files.Of("sa.key")}", $"--service-account-key-file={files.Of("sa.pub")}",
        $"--audit-policy-file={files.Of(ControlPlaneFiles.AuditPolicy)}", $"--audit-log-path={files.Of(ControlPlaneFiles.AuditLog)}",
        $"--requestheader-client-ca-file={files.Of("front-proxy-ca.crt")}", "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-", "--requestheader-group-headers=X-Remote-Group", "--requestheader-username-headers=X-Remote-User",
        $"--proxy-client-cert-file={files.Of("front-proxy-client.crt")}", $"--proxy-client-key-file={files.Of("front-proxy-client.key")}",
    ];

    public static IEnumerable<string> ControllerManager(ControlPlaneFiles files)
    {
        var kubeconfig = files.Of("kube-controller-manager.kubeconfig");
        return
        [
            $"--kubeconfig={kubeconfig}", $"--authentication-kubeconfig={kubeconfig}", $"--authorization-kubeconfig={kubeconfig}",
            "--leader-elect=false", "--use-service-account-credentials=true", "--secure-port=0", "--controllers=*",
            $"--root-ca-file={files.Of("ca.crt")}", $"--service-account-private-key-file={files.Of("sa.key")}",
            $"--cluster-signing-cert-file={files.Of("ca.crt")}", $"--cluster-signing-key-file={files.Of("ca.key")}",
        ];
    }
}
