using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Sealing;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>Sealing keys: found, made, renewed, refused.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task A_first_start_makes_a_key_in_the_form_of_the_original()
    {
        await using var stage = await Stage.SetAsync();
        var controller = await stage.StartAsync("--privatekey-labels=team=a", "--privatekey-annotations=note=b", "--my-cn=me");
        var secret = await stage.UntilAsync(ClusterKinds.Secrets, Stage.KeyNamespace, all => all.FirstOrDefault(secret => secret.Type == "kubernetes.io/tls"));
        Assert.StartsWith("sealed-secrets-key", secret.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal("active", secret.Metadata.Labels![SealedSecretAnnotations.SealingKeyLabel]);
        Assert.Equal(("a", "b"), (secret.Metadata.Labels["team"], secret.Metadata.Annotations!["note"]));
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----", Stage.Item(secret, "tls.key"), StringComparison.Ordinal);
        await Follow(controller)(1); // the Secret is seen a moment before the key that it holds is in use
        await CertificateAsync(controller, Stage.Item(secret, "tls.crt")!);
    }

    [Fact]
    public async Task Key_Secrets_take_effect_live_when_added_relabelled_and_deleted()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync("--key-order-priority=SecretCreationTimestamp");
        var fingerprints = Follow(controller);
        await stage.PutKeyAsync("two");
        await fingerprints(2);
        await stage.PatchSecretAsync(new(Stage.KeyNamespace, "key-one"), """{"metadata":{"labels":{"sealedsecrets.bitnami.com/sealed-secrets-key":"compromised"}}}""");
        await fingerprints(1);
        await stage.PatchSecretAsync(new(Stage.KeyNamespace, "key-one"), """{"metadata":{"labels":{"sealedsecrets.bitnami.com/sealed-secrets-key":"active"}}}""");
        await fingerprints(2);
        await stage.DeleteSecretAsync(new(Stage.KeyNamespace, "key-two"));
        await fingerprints(1);
        await CertificateAsync(controller, TestKeys.Pair("one").Certificate);
    }

    [Fact]
    public async Task The_key_Secret_of_old_times_counts_without_a_label()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one", label: null, secretName: "sealed-secrets-key");
        var controller = await stage.StartAsync();
        await CertificateAsync(controller, TestKeys.Pair("one").Certificate);
    }

    [Fact]
    public async Task A_bad_key_Secret_is_reported_and_skipped_and_heals_when_it_is_mended()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.PutKeyAsync("two", certificateOf: "three");
        var controller = await stage.StartAsync();
        await stage.EventAsync(Stage.KeyNamespace, "key-two", "SealingKeyRejected", "the certificate belongs to another private key");
        Assert.Contains("key-two", stage.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains("\nsealed_secrets_controller_sealing_keys_rejected 1\n", await MetricsAsync(controller), StringComparison.Ordinal);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SecretAsync("db", "a", "1");
        var fingerprints = Follow(controller);
        await stage.PatchSecretAsync(new(Stage.KeyNamespace, "key-two"), "{\"data\":{\"tls.crt\":\"" + Convert.ToBase64String(Encoding.ASCII.GetBytes(TestKeys.Pair("two").Certificate)) + "\"}}");
        await fingerprints(2);
    }

    [Fact]
    public async Task A_key_Secret_that_may_not_be_read_is_reported_and_skipped_and_holds_nobody_up()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.PutKeyAsync("two");
        foreach (var verb in new[] { "get", "list" }) stage.Faults.Answer(403, new FaultMatch(verb, "secrets", "key-two"));
        var controller = await stage.StartAsync();
        const string Why = "the controller may not list secrets in namespace kube-system (API server: 403 Forbidden)";
        await stage.EventAsync(Stage.KeyNamespace, "key-two", "SealingKeyRejected", Why);
        Assert.Contains($"key Secret kube-system/key-two cannot be used and is skipped: {Why}", stage.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(TestKeys.Key("one").Fingerprint, Assert.Single(controller.Keys.Ring.Keys).Fingerprint);
    }

    [Fact]
    public async Task While_no_key_may_be_read_none_is_made()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        ControllerProcess controller;
        using (stage.Faults.Answer(403, new FaultMatch("list", "secrets", "key-one")))
        {
            controller = stage.Build(time, _ => { }, "--key-renew-period=720h");
            await stage.EventAsync(Stage.KeyNamespace, "key-one", "SealingKeyRejected");
            await controller.RotationWaits.WaitAsync(Stage.Patience, TestContext.Current.CancellationToken);
            Assert.Null(controller.Keys.Ring.Current);
        }
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(1), () => controller.Keys.Ring.Current is not null);
        Assert.Equal(TestKeys.Key("one").Fingerprint, Assert.Single(controller.Keys.Ring.Keys).Fingerprint);
        Assert.Single(stage.Cluster.Requests.All(), request => request is { Verb: "create", Resource: "secrets", Namespace: Stage.KeyNamespace }); // the test's own
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_example_pair_is_refused_unless_allowed(bool allowed)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var folder = Path.Combine(Stage.RepositoryRoot(), "keys.example");
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta
            {
                Namespace = Stage.KeyNamespace,
                Name = "example",
                Labels = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey },
            },
            Data = new(StringComparer.Ordinal)
            {
                ["tls.key"] = await File.ReadAllBytesAsync(Path.Combine(folder, "tls.key"), TestContext.Current.CancellationToken),
                ["tls.crt"] = await File.ReadAllBytesAsync(Path.Combine(folder, "tls.crt"), TestContext.Current.CancellationToken),
            },
        }, TestContext.Current.CancellationToken);
        var controller = await stage.StartAsync(allowed ? ["--allow-example-key"] : []);
        Assert.Equal(allowed ? 2 : 1, controller.Keys.Ring.Keys.Count);
        if (!allowed) await stage.EventAsync(Stage.KeyNamespace, "example", "SealingKeyRejected", "public example pair");
    }

    [Fact]
    public async Task A_key_is_renewed_when_it_reaches_the_period_and_the_old_one_stays()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var time = new FakeTimeProvider(TestKeys.Key("one").OrderingTime.AddDays(1));
        var controller = stage.Build(time, "--key-renew-period=720h");
        await controller.Ready;
        var fingerprints = Follow(controller);
        await controller.RotationWaits;
        time.Advance(TimeSpan.FromDays(29));
        await fingerprints(2);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(+1, 2)]
    public async Task A_newest_key_from_before_the_cutoff_is_replaced_at_the_start(int hoursAfterTheKey, int keys)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var age = TestKeys.Key("one").OrderingTime;
        var cutoff = age.AddHours(hoursAfterTheKey).UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " +0000";
        var controller = stage.Build(new FakeTimeProvider(age.AddDays(1)), "--key-cutoff-time", cutoff);
        await controller.Ready;
        await Follow(controller)(keys);
        await controller.RotationWaits;
        Assert.Equal(keys, controller.Keys.Ring.Keys.Count);
    }

    [Fact]
    public async Task A_signal_makes_a_key_at_once()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        var fingerprints = Follow(controller);
        controller.RequestKey();
        await fingerprints(2);
        await stage.UntilAsync(ClusterKinds.Secrets, Stage.KeyNamespace, all => all.Count == 2 ? all[0] : null);
    }

    [Fact]
    public async Task A_warning_comes_before_the_certificate_that_seals_expires()
    {
        await using var stage = await Stage.SetAsync();
        var (controller, certificate) = await BeforeExpiryAsync(stage, days: 29);
        await stage.EventAsync(Stage.KeyNamespace, "key-one", "SealingCertificateExpiring", certificate.Fingerprint);
        var measured = await MetricsAsync(controller);
        Assert.Contains("\nsealed_secrets_controller_certificate_expires_soon 1\n", measured, StringComparison.Ordinal);
        Assert.Contains($"certificate_expiry_timestamp_seconds{{fingerprint=\"{certificate.Fingerprint}\",current=\"true\"}} {certificate.NotAfter.ToUnixTimeSeconds()}", measured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_thirty_days_before_that_there_is_none()
    {
        await using var stage = await Stage.SetAsync();
        var (controller, _) = await BeforeExpiryAsync(stage, days: 31);
        Assert.Contains("\nsealed_secrets_controller_certificate_expires_soon 0\n", await MetricsAsync(controller), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_count_the_objects_that_each_key_opens()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.PutKeyAsync("two");
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.ApplyAsync("web", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        await stage.SyncedAsync("web", "True");
        await stage.ApplyAsync(TestKeys.Seal("three", "shop", "bad", ("a", "1")));
        await stage.SyncedAsync("bad", "False");
        var measured = await MetricsAsync(controller, "name=\"bad\",condition=\"Synced\"", "sealing_key_objects{fingerprint=\"" + TestKeys.Key("one").Fingerprint + "\"} 2");
        Assert.Contains($"sealing_key_objects{{fingerprint=\"{TestKeys.Key("two").Fingerprint}\"}} 0", measured, StringComparison.Ordinal);
        Assert.Contains("condition_info{namespace=\"shop\",name=\"db\",condition=\"Synced\",ss_app_kubernetes_io_instance=\"\"} 1", measured, StringComparison.Ordinal);
        Assert.Contains("condition_info{namespace=\"shop\",name=\"bad\",condition=\"Synced\",ss_app_kubernetes_io_instance=\"\"} -1", measured, StringComparison.Ordinal);
        Assert.Contains("unseal_errors_total{reason=\"unseal\",namespace=\"shop\"} 1", measured, StringComparison.Ordinal);
        foreach (var name in new[] { "unseal_requests_total", "sealing_key_age_seconds", "queue_depth", "reconcile_duration_seconds_bucket", "build_info" })
        {
            Assert.Contains("sealed_secrets_controller_" + name, measured, StringComparison.Ordinal);
        }
        await stage.Kube.DeleteAsync(Controller.Sealed.SealedSecretKind.Instance.Resource, Stage.Key("bad"), null, TestContext.Current.CancellationToken);
        while ((await MetricsAsync(controller)).Contains("name=\"bad\"", StringComparison.Ordinal)) await Task.Yield();
    }

    private static async Task<(ControllerProcess Controller, SealingCertificate Certificate)> BeforeExpiryAsync(Stage stage, int days)
    {
        await stage.PutKeyAsync("one");
        Assert.True(SealingCertificate.TryLoad(TestKeys.Pair("one").Certificate, out var certificate, out _));
        var controller = stage.Build(new FakeTimeProvider(certificate.NotAfter.AddDays(-days)));
        await controller.Ready;
        return (controller, certificate);
    }

    private static async Task CertificateAsync(ControllerProcess controller, string pem)
    {
        using var http = new HttpClient();
        var served = await http.GetStringAsync(new Uri(controller.ApiAddress!, "/v1/cert.pem"), TestContext.Current.CancellationToken);
        Assert.Equal(pem.ReplaceLineEndings("\n").Trim(), served.ReplaceLineEndings("\n").Trim());
    }

    private static async Task<string> MetricsAsync(ControllerProcess controller, params string[] contain)
    {
        using var http = new HttpClient();
        while (true)
        {
            var text = await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"), TestContext.Current.CancellationToken);
            if (contain.All(part => text.Contains(part, StringComparison.Ordinal))) return text;
            await Task.Yield(); // the cache of the controller is a moment behind what the test saw
        }
    }

    /// <summary>Waits, each time it is called, until the controller holds so many keys.</summary>
    private static Func<int, Task> Follow(ControllerProcess controller) => async count =>
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (controller.Keys.Ring.Keys.Count == count) seen.TrySetResult();
        }
        controller.Keys.Changed += Look;
        Look();
        await seen.Task.WaitAsync(Stage.Patience, TestContext.Current.CancellationToken);
        controller.Keys.Changed -= Look;
    };
}
