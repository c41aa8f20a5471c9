using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Controller.External.Admission;
using GitOpsSecrets.Controller.Flags;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Http;

/// <summary>The certificate of a folder that others look after, as callers see it: <c>--webhook-cert-dir</c> and <c>--event-cert-dir</c>.</summary>
public sealed class ServingCertificateTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gitopssecrets-");
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly Chain chain = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_knows_the_root_alone_is_shown_what_lies_between()
    {
        chain.Write(folder, "one");
        var serving = new ServingCertificate();
        await using var front = await ServeAsync(serving);
        using var stop = await KeepAsync(serving);
        Assert.Equal("CN=one", await SeenAsync(front));
    }

    [Fact]
    public async Task What_is_put_into_the_folder_later_is_shown_and_half_a_pair_changes_nothing()
    {
        chain.Write(folder, "one");
        var serving = new ServingCertificate();
        await using var front = await ServeAsync(serving);
        using var stop = await KeepAsync(serving);

        var key = await File.ReadAllTextAsync(Of(AdmissionCertificate.KeyItem), Stop);
        chain.Write(folder, "two");
        var keyOfTwo = await File.ReadAllTextAsync(Of(AdmissionCertificate.KeyItem), Stop);
        await File.WriteAllTextAsync(Of(AdmissionCertificate.KeyItem), key, Stop);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=one", await SeenAsync(front));

        await File.WriteAllTextAsync(Of(AdmissionCertificate.KeyItem), keyOfTwo, Stop);
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMinutes(1), () => serving.Current!.TargetCertificate.Subject == "CN=two");
        Assert.Equal("CN=two", await SeenAsync(front));
    }

    public void Dispose()
    {
        chain.Dispose();
        folder.Delete(recursive: true);
    }

    private string Of(string item) => Path.Combine(folder.FullName, item);

    private static async Task<SecureFront> ServeAsync(ServingCertificate serving)
    {
        var front = new SecureFront(new ListenAddress(IPAddress.Loopback, 0), serving, maxBody: 1024, routes => routes.MapGet("/", context => context.Response.WriteAsync("ok")), NullLoggerFactory.Instance);
        await front.StartAsync(Stop);
        return front;
    }

    private async Task<CancellationTokenSource> KeepAsync(ServingCertificate serving)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var keeper = new AdmissionCertificateKeeper(null!, null!, serving, new AdmissionCertificateOptions(folder.FullName, new("", ""), [], []), time, NullLogger.Instance);
        _ = Task.Run(() => keeper.RunAsync(stop.Token), CancellationToken.None);
        await keeper.Ready.WaitAsync(TimeSpan.FromMinutes(5), Stop);
        return stop;
    }

    /// <returns>Whose certificate a caller sees that trusts the root, and looks nothing up.</returns>
    private async Task<string> SeenAsync(SecureFront front)
    {
        var seen = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { chain.Root },
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                },
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    seen = certificate!.Subject;
                    return errors == SslPolicyErrors.None;
                },
            },
        };
        using var client = new HttpClient(handler);
        Assert.Equal("ok", await client.GetStringAsync(front.Address!, Stop));
        return seen;
    }

    /// <summary>A root, an authority that it has signed, and servers that this one has signed.</summary>
    private sealed class Chain : IDisposable
    {
        private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly ECDsa middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 middle;

        public Chain()
        {
            var from = DateTimeOffset.UtcNow.AddDays(-1);
            Root = Authority("root", rootKey).CreateSelfSigned(from, from.AddDays(9));
            using var signed = Authority("between", middleKey).Create(Root, from, from.AddDays(8), [1]);
            middle = signed.CopyWithPrivateKey(middleKey);
        }

        public X509Certificate2 Root { get; }

        /// <summary>As cert-manager does: the server's certificate, then the one between.</summary>
        public void Write(DirectoryInfo folder, string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            using var server = request.Create(middle, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(folder.FullName, AdmissionCertificate.CertificateItem), server.ExportCertificatePem() + "\n" + middle.ExportCertificatePem() + "\n");
            File.WriteAllText(Path.Combine(folder.FullName, AdmissionCertificate.KeyItem), key.ExportPkcs8PrivateKeyPem());
        }

        public void Dispose()
        {
            Root.Dispose();
            middle.Dispose();
            rootKey.Dispose();
            middleKey.Dispose();
        }

        private static CertificateRequest Authority(string name, ECDsa key)
        {
            var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            return request;
        }
    }
}
