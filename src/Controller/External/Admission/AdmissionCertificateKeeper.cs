using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>
/// Makes the certificate of the webhook where there is none, renews it in time, and tells the API server whom to trust. Every replica does so: the
/// Secret is written only in the version that was read, so one of them wins and the others take what it wrote.
/// </summary>
internal sealed class AdmissionCertificateKeeper(
    KubeClient kube, SecretWriter writer, ServingCertificate serving, AdmissionCertificateOptions options, TimeProvider time, ILogger logger)
{
    private static readonly KubeKind<JsonObject> Configurations =
        KubeKind.Untyped(new KubeResource("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", Namespaced: false));

    // Until the API server has been told whom to trust it refuses what the webhook is asked about: configurations that come, or are applied anew, must not wait for long.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WhileOneIsMissing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private string doing = "";
    private bool isOneMissing;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when there is a certificate, and the API server has been told.</summary>
    public Task Ready => ready.Task;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = Interval;
            try
            {
                if (!await TryOnceAsync(cancellationToken).ConfigureAwait(false)) continue;
                ready.TrySetResult();
                if (isOneMissing) pause = WhileOneIsMissing;
            }
            catch (Exception failure) when (failure is KubeApiException or KubeTransportException or IOException or CryptographicException)
            {
                var refused = failure as KubeApiException;
                AdmissionLog.CertificateFailed(logger, doing, refused?.Reason ?? KubeFailure.Describe(failure), refused?.IsForbidden == true ? ": the controller's role has to allow that" : "");
                pause = AfterFailure;
            }
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>False when another replica, or somebody else, was faster: look again.</returns>
    private async Task<bool> TryOnceAsync(CancellationToken cancellationToken)
    {
        isOneMissing = false;
        if (options.Folder is { } folder)
        {
            doing = $"reading {AdmissionCertificate.CertificateItem} and {AdmissionCertificate.KeyItem} in {folder}";
            serving.Load(
                await File.ReadAllTextAsync(Path.Combine(folder, AdmissionCertificate.CertificateItem), cancellationToken).ConfigureAwait(false),
                await File.ReadAllTextAsync(Path.Combine(folder, AdmissionCertificate.KeyItem), cancellationToken).ConfigureAwait(false));
            return true;
        }
        if (await FindOrMakeAsync(cancellationToken).ConfigureAwait(false) is not { } certificate) return false;
        serving.Load(certificate.Certificate, certificate.Key);
        foreach (var name in options.Configurations)
        {
            if (!await TellAsync(name, certificate, cancellationToken).ConfigureAwait(false)) return false;
        }
        return true;
    }

    private async Task<AdmissionCertificate?> FindOrMakeAsync(CancellationToken cancellationToken)
    {
        doing = $"get Secret {options.Secret}";
        var secret = await writer.FindAsync(options.Secret, cancellationToken).ConfigureAwait(false);
        AdmissionCertificate? former = null;
        if (secret is not null && AdmissionCertificate.Read(secret, out former, options.Names, time.GetUtcNow()) is { } good) return good;
        var made = AdmissionCertificate.Make(options.Names, time.GetUtcNow(), former);
        doing = $"{(secret is null ? "create" : "update")} Secret {options.Secret}";
        try
        {
            if (secret is null) await writer.CreateAsync(New(made), cancellationToken).ConfigureAwait(false);
            else await writer.WriteAsync(new WriteDecision(WriteAction.Update, secret with { Data = made.ToData() }), cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (refused.IsAlreadyExists || refused.IsConflict)
        {
            return null;
        }
        AdmissionLog.CertificateMade(logger, options.Secret.Name);
        return made;
    }

    private Secret New(AdmissionCertificate made) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = options.Secret.Name,
            Namespace = options.Secret.Namespace,
            Labels = new(StringComparer.Ordinal) { ["external-secrets.io/component"] = "webhook" },
        },
        Type = "kubernetes.io/tls",
        Data = made.ToData(),
    };

    /// <summary>Changes nothing but our own entries, and only where they differ. A configuration that is not there is nobody's mistake.</summary>
    /// <returns>False when somebody else was faster.</returns>
    private async Task<bool> TellAsync(string name, AdmissionCertificate certificate, CancellationToken cancellationToken)
    {
        doing = $"get ValidatingWebhookConfiguration {name}";
        if (await kube.FindAsync(Configurations, new NamespacedName("", name), cancellationToken).ConfigureAwait(false) is not { } configuration)
        {
            isOneMissing = true;
            return true;
        }
        var bundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.Authorities));
        var changed = false;
        foreach (var webhook in (configuration["webhooks"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if ((string?)webhook["name"] is not { } own || !own.EndsWith(".external-secrets.io", StringComparison.Ordinal) || webhook["clientConfig"] is not JsonObject client) continue;
            if ((string?)client["caBundle"] == bundle) continue;
            client["caBundle"] = bundle;
            changed = true;
        }
        if (!changed) return true;
        doing = $"update ValidatingWebhookConfiguration {name}";
        try
        {
            await kube.UpdateAsync(Configurations, configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (refused.IsConflict)
        {
            return false;
        }
        AdmissionLog.AuthorityTold(logger, name);
        return true;
    }
}
