using System.Globalization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// Makes sealing keys when the <see cref="RotationPolicy"/> says so, and warns before the certificate that seals expires.
/// Runs on the leader only, or two replicas would both make the first key.
/// </summary>
internal sealed class KeyRotation(
    SealingKeyStore keys, SecretWriter writer, EventRecorder events, ControllerOptions options, Notifier notifier, TimeProvider time, ILogger logger) : IDisposable
{
    public const string ExpiringReason = "SealingCertificateExpiring";

    /// <summary>How often to look again without a date, and how often the warning is repeated.</summary>
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);

    private readonly RotationPolicy policy = new(options.KeyRenewPeriod, options.KeyCutoffTime);
    private readonly SemaphoreSlim making = new(1, 1);

    private readonly SemaphoreSlim requests = new(0);

    private volatile TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes while there is nothing to do before a date or a change.</summary>
    internal Task Waits => waits.Task;

    /// <summary>Asks for a new key; it is made in the background, on any replica, because whoever asks means this very process.</summary>
    public void Request() => requests.Release();

    /// <summary>Works until cancelled: keys that are asked for at once, keys that are due while <paramref name="gate"/> gives the right.</summary>
    public Task RunAsync(Func<CancellationToken, Task<CancellationToken>> gate, CancellationToken cancellationToken) =>
        Task.WhenAll(ServeRequestsAsync(cancellationToken), RotateWhileLeadingAsync(gate, cancellationToken));

    private async Task ServeRequestsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await requests.WaitAsync(cancellationToken).ConfigureAwait(false);
            await UntilItWorksAsync(MakeKeyAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RotateWhileLeadingAsync(Func<CancellationToken, Task<CancellationToken>> gate, CancellationToken cancellationToken)
    {
        while (true)
        {
            var right = await gate(cancellationToken).ConfigureAwait(false);
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(right, cancellationToken);
            try
            {
                await RotateAsync(leading.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // No longer the leader.
            }
        }
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Where those that are there may not be read just now, as while roles spread, a new one would be one too many.
            var isAwaited = keys.IsAwaited;
            if (IsDue && !isAwaited) await UntilItWorksAsync(MakeKeyAsync, cancellationToken).ConfigureAwait(false);
            WarnOfExpiry();
            await WaitAsync(isAwaited ? SealingKeyReconciler.RefusedRetry : UntilDue(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task UntilItWorksAsync(Func<CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        for (var retry = FirstRetry; ; retry = retry * 2 < LastRetry ? retry * 2 : LastRetry)
        {
            try
            {
                await make(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
            {
                SealedLog.KeyNotMade(logger, KubeFailure.Describe(failure), (long)retry.TotalMilliseconds);
                await Task.Delay(retry, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes a key now, whether one is due or not, and takes it into use at once.</summary>
    private async Task MakeKeyAsync(CancellationToken cancellationToken)
    {
        await making.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            SealedLog.KeyDue(logger);
            // Seconds of one processor: not on a thread that serves requests.
            using var made = await Task.Run(
                () => SealingKeyGenerator.Generate(options.KeySize, options.CertificateName, time.GetUtcNow(), options.KeyTtl), cancellationToken).ConfigureAwait(false);
            var stored = await writer.CreateAsync(SealingKeySecret.Write(made, options), cancellationToken).ConfigureAwait(false);
            var (key, problem) = SealingKeySecret.Read(stored, options.KeyOrderPriority, options.AllowExampleKey);
            if (key is null) throw new InvalidOperationException($"a key that was just made cannot be read: {problem}");
            keys.Put(stored.Metadata.Name!, key);
            SealedLog.KeyMade(logger, key.Fingerprint, new NamespacedName(options.OwnNamespace, stored.Metadata.Name!));
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose()
    {
        making.Dispose();
        requests.Dispose();
    }

    private bool IsDue => policy.Due(keys.Ring.Current?.OrderingTime, Now) <= Now;

    private DateTimeOffset Now => time.GetUtcNow();

    private TimeSpan UntilDue()
    {
        var due = policy.Due(keys.Ring.Current?.OrderingTime, Now) - Now;
        return due < Daily ? due.Value : Daily;
    }

    private void WarnOfExpiry()
    {
        if (keys.Ring.Current is not { Certificate: { } certificate } current) return;
        var subject = new NamespacedName(options.OwnNamespace, options.KeyPrefix);
        if (!CertificateExpiry.IsSoon(certificate, options.ExpiryWarning, Now))
        {
            notifier.Tell(new ObjectOutcome("SealingKey", subject, OutcomeState.Well, "Renewed"));
            return;
        }
        var notAfter = certificate.NotAfter.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
        SealedLog.CertificateExpires(logger, current.Fingerprint, notAfter);
        var message = $"the certificate of the sealing key {current.Fingerprint} expires at {notAfter}; kubeseal refuses to seal with an expired one";
        notifier.Tell(new ObjectOutcome("SealingKey", subject, OutcomeState.Warning, ExpiringReason, message));
        if (keys.SecretOf(current.Fingerprint) is { } secret) events.Record(SubjectOf(secret), EventType.Warning, ExpiringReason, message);
    }

    private EventSubject SubjectOf(string secret) =>
        new() { ApiVersion = Secret.SecretApiVersion, Kind = Secret.SecretKind, Namespace = options.OwnNamespace, Name = secret };

    /// <summary>Until the time has passed, or a key came or went: then the date may be another.</summary>
    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChanged() => changed.TrySetResult();
        keys.Changed += OnChanged;
        try
        {
            var waiting = changed.Task.WaitAsync(wait, time, cancellationToken);
            waits.TrySetResult();
            await waiting.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The time has come.
        }
        finally
        {
            keys.Changed -= OnChanged;
            waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
