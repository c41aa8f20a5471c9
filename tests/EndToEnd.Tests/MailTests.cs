using System.Text;
using GitOpsSecrets.Controller.Tests.Kube;
using GitOpsSecrets.Controller.Tests.Notifications;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>A process of its own, since it trusts an authority that the machine does not.</summary>
public sealed class MailTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_is_mailed_after_STARTTLS_and_a_login_to_a_server_that_the_trusted_authority_vouches_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SSL_CERT_FILE is Linux's way to trust an authority");
        using var work = new WorkFolder();
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("127.0.0.1");
        await using var mail = new MailServer(certificate);
        await File.WriteAllTextAsync(work.File("ca.pem"), authority.Certificate.ExportCertificatePem(), Stop);
        await File.WriteAllTextAsync(work.File("password"), "the-credential", Stop);
        await File.WriteAllTextAsync(work.File("notifications.yaml"), $$"""
            notifications:
              receivers:
                - name: mailbox
                  mail: {host: 127.0.0.1, port: {{mail.Port}}, username: controller, passwordFile: {{work.File("password")}}, from: controller@example.com, to: [ops@example.com]}
            """, Stop);
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(
            cluster, [], ["--notifications-file", work.File("notifications.yaml")], new Dictionary<string, string> { ["SSL_CERT_FILE"] = work.File("ca.pem") }, Stop);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        var sealedSecret = await tenant.SealAsync(tenant.Secret());
        sealedSecret.Spec.EncryptedData!["foo"] = "AAAA";
        await tenant.CreateAsync(sealedSecret);

        var text = await mail.NextAsync();
        Assert.Contains($"Subject: SealedSecret {tenant.Namespace}/testsecret failed:", Unfolded(text), StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<ops@example.com>", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("controller")), text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("the-credential")), text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-credential", deployment.Controller.Log, StringComparison.Ordinal);
    }

    private static string Unfolded(string text) => text.ReplaceLineEndings("\n").Replace("\n ", " ", StringComparison.Ordinal);
}
