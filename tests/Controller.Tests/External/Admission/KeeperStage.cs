using System.Text;
using GitOpsSecrets.Controller.External.Admission;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

/// <summary>Replicas that look after one certificate, on a clock that the test moves.</summary>
internal sealed class KeeperStage(KubeClient kube) : IDisposable
{
    private static readonly NamespacedName SecretName = new("kube-system", "hook");
    private readonly List<ServingCertificate> shown = [];
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>Completes when all have a certificate.</summary>
    public async Task RunAsync(int replicas)
    {
        var keepers = Enumerable.Range(0, replicas).Select(_ =>
        {
            shown.Add(new ServingCertificate());
            var options = new AdmissionCertificateOptions(null, SecretName, ["hook.kube-system.svc"], ["secretstore-validate", "not-there"]);
            return new AdmissionCertificateKeeper(kube, new SecretWriter(kube, new Metrics("test")), shown[^1], options, Time, NullLogger.Instance);
        }).ToList();
        foreach (var keeper in keepers) _ = Task.Run(() => keeper.RunAsync(stop.Token), CancellationToken.None);
        foreach (var keeper in keepers) await keeper.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
    }

    public string Shown(int replica) => shown[replica].Current!.TargetCertificate.ExportCertificatePem() + "\n";

    public async Task<AdmissionCertificate> SecretAsync()
    {
        var data = (await kube.GetAsync(ClusterKinds.Secrets, SecretName, TestContext.Current.CancellationToken)).Data!;
        return new(Text(AdmissionCertificate.AuthoritiesItem), Text(AdmissionCertificate.CertificateItem), Text(AdmissionCertificate.KeyItem));

        string Text(string item) => Encoding.ASCII.GetString(data[item]!);
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }
}
