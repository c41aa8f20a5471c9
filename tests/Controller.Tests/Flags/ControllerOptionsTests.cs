using System.Net;
using GitOpsSecrets.Controller.Sealed;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Controller.Tests.Flags;

public sealed class ControllerOptionsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("controller-options-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Without_flags_the_originals_defaults_hold()
    {
        var options = Load([], out var problems);
        Assert.Empty(problems);
        Assert.Equal("sealed-secrets-key", options.KeyPrefix);
        Assert.Equal(4096, options.KeySize);
        Assert.Equal(TimeSpan.FromHours(87600), options.KeyTtl);
        Assert.Equal(TimeSpan.FromHours(720), options.KeyRenewPeriod);
        Assert.Equal(KeyOrderPriority.CertNotBefore, options.KeyOrderPriority);
        Assert.True(options.AcceptLegacyData);
        Assert.True(options.AllNamespaces);
        Assert.Null(options.Namespaces);
        Assert.Equal(8080, options.ListenAddress.Port);
        Assert.Equal(8081, options.MetricsAddress.Port);
        Assert.Equal((2, 2), (options.RateLimit, options.RateLimitBurst));
        Assert.Equal(TimeSpan.FromMinutes(2), options.ReadTimeout);
        Assert.True(options.LeaderElect);
    }

    [Fact]
    public void Requests_to_the_API_server_are_not_limited_unless_told()
    {
        Assert.True(Load([], out _).KubeClientQps < 0);
        Assert.Equal(7, Load(["--kubeclient-qps=7"], out _).KubeClientQps);
    }

    [Fact]
    public void A_value_may_follow_its_flag_or_an_equals_sign()
    {
        var options = Load(["--key-prefix", "a", "--key-size=2048", "--update-status=false", "--old-gc-behavior", "--listen-addr", "127.0.0.1:0"], out var problems);
        Assert.Empty(problems);
        Assert.Equal("a", options.KeyPrefix);
        Assert.Equal(2048, options.KeySize);
        Assert.False(options.UpdateStatus);
        Assert.True(options.OldGcBehavior);
        Assert.Equal(IPAddress.Loopback, options.ListenAddress.Address);
    }

    [Fact]
    public void The_environment_sets_a_flag_and_the_command_line_wins()
    {
        var environment = new Dictionary<string, string> { ["SEALED_SECRETS_KEY_PREFIX"] = "from-env", ["SEALED_SECRETS_KEY_SIZE"] = "2048" };
        var options = ControllerOptions.Load(["--key-prefix=from-flag"], environment, out var problems);
        Assert.Empty(problems);
        Assert.Equal("from-flag", options.KeyPrefix);
        Assert.Equal(2048, options.KeySize);
    }

    [Theory]
    [InlineData("team=a", true)]
    [InlineData("team == a, !old ,tier in (web,db),example.com/zone notin (x, ),size>3,plain,empty=", true)]
    [InlineData("", true)]
    [InlineData("team in a", false)]
    [InlineData("team=a,", false)]
    [InlineData("team=a b", false)]
    [InlineData("=a", false)]
    [InlineData("team={a}", false)]
    [InlineData("Example.com/zone=a", false)]
    public void A_label_selector_that_the_API_server_would_not_take_is_refused_with_the_name_of_its_flag(string text, bool isTaken)
    {
        var options = Load(["--label-selector", text], out var problems);
        string[] expected = isTaken ? [] : [$"invalid argument \"{text}\" for \"--label-selector\" flag: expected requirements on labels such as team=a,tier in (web,db),!old"];
        Assert.Equal(expected, problems);
        if (isTaken) Assert.Equal(text.Length == 0 ? null : text, options.LabelSelector);
    }

    [Fact]
    public void A_file_sets_what_neither_flag_nor_environment_does()
    {
        var environment = new Dictionary<string, string> { ["SEALED_SECRETS_KEY_SIZE"] = "3072", ["POD_NAMESPACE"] = "kube-system" };
        var path = Written("""
            key-prefix: from-file
            key-size: 2048
            log-format: json
            leader-elect: false
            key-ttl: 1000h
            key-renew-period: "0"
            kubeclient-qps: 12.5
            additional-namespaces: [team-a, team-b]
            privatekey-labels: {team: platform, tier: "1"}
            """);
        var options = ControllerOptions.Load(["--config", path, "--key-prefix=from-flag"], environment, out var problems);
        Assert.Empty(problems);
        Assert.Equal("from-flag", options.KeyPrefix);
        Assert.Equal(3072, options.KeySize);
        Assert.True(options.LogAsJson);
        Assert.False(options.LeaderElect);
        Assert.Equal(TimeSpan.FromHours(1000), options.KeyTtl);
        Assert.Equal(12.5f, options.KubeClientQps);
        Assert.Equal(["kube-system", "team-a", "team-b"], options.Namespaces!);
        Assert.Equal("platform", options.PrivateKeyLabels["team"]);
    }

    [Fact]
    public void The_environment_may_name_the_file_and_a_flag_another()
    {
        var environment = new Dictionary<string, string> { ["SEALED_SECRETS_CONFIG"] = Written("key-prefix: one") };
        Assert.Equal("one", ControllerOptions.Load([], environment, out _).KeyPrefix);
        Assert.Equal("two", ControllerOptions.Load(["--config=" + Written("key-prefix: two")], environment, out _).KeyPrefix);
    }

    [Fact]
    public void All_that_is_wrong_in_a_file_is_refused_at_once_with_the_rest()
    {
        var path = Written("""
            key-prefx: a
            key-size: many
            config: other.yaml
            log-level: {deep: {er: x}}
            my-cn:
            """);
        _ = Load(["--config", path, "--nope"], out var problems);
        string[] expected =
        [
            "unknown flag: --nope", $"{path}: \"log-level\" has no value that a flag could take", $"{path}: \"my-cn\" has no value that a flag could take",
            $"{path}: unknown setting \"key-prefx\"", $"{path}: invalid value \"many\" for \"key-size\": expected a whole number from 2048 to 16384", $"{path}: unknown setting \"config\"",
        ];
        Assert.Equal(expected, problems);
    }

    [Fact]
    public void Words_that_are_no_flags_are_passed_over_with_a_warning_as_in_the_original()
    {
        var options = Load(["--all-namespaces", "false", "stray", "--workers=3", "--", "--key-size"], out var problems);
        Assert.Empty(problems);
        Assert.Equal((true, 3), (options.AllNamespaces, options.Workers));
        Assert.Equal(["false", "stray", "--key-size"], options.Warnings.Select(warning => warning.Split('"')[1]));
        Assert.All(options.Warnings, warning => Assert.Contains("--name=false", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("- a", "expected names of flags")]
    [InlineData("a: 'b", "cannot read")]
    [InlineData("key-size: 2048\nkey-size: 4096", "duplicate key")]
    public void A_file_that_is_no_map_of_settings_is_refused(string content, string expected)
    {
        _ = Load(["--config", Written(content)], out var problems);
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        _ = Load(["--config", Path.Combine(folder.FullName, "missing.yaml")], out var problems);
        Assert.StartsWith("cannot read ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_changes_nothing()
    {
        _ = Load(["--config", Written("# nothing yet")], out var problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void All_bad_settings_are_refused_at_once()
    {
        _ = Load(["--key-size=x", "--key-prefix=A_b", "--nope", "--read-timeout=5d", "stray", "--key-cutoff-time=2020-01-01", "--workers"], out var problems);
        Assert.Equal(6, problems.Count);
        Assert.Contains("unknown flag: --nope", problems);
        Assert.Contains("flag needs an argument: --workers", problems);
        Assert.Contains("invalid argument \"A_b\" for \"--key-prefix\" flag: name contains illegal character A", problems);
    }

    [Theory]
    [InlineData("--read-timeout=0", "read-timeout")]
    [InlineData("--rate-limit=0", "rate-limit")]
    [InlineData("--key-size=1024", "key-size")]
    public void What_would_leave_the_controller_without_a_limit_or_a_safe_key_is_refused(string argument, string flag)
    {
        _ = Load([argument], out var problems);
        Assert.Contains($"--{flag}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_in_the_environment_is_refused_by_its_name()
    {
        _ = ControllerOptions.Load([], new Dictionary<string, string> { ["SEALED_SECRETS_WORKERS"] = "0" }, out var problems);
        Assert.Equal("invalid value \"0\" for SEALED_SECRETS_WORKERS: expected a whole number from 1 to 1024", Assert.Single(problems));
    }

    /// <summary>What pflag leaves behind after an error that nobody looks at, which is what the original does with its environment.</summary>
    [Theory]
    [InlineData("KEY_RENEW_PERIOD", "30d", "counts as 0, as in Sealed Secrets")]
    [InlineData("ROTATE_PERIOD", "monthly", "counts as 0, as in Sealed Secrets")]
    [InlineData("UPDATE_STATUS", "yes", "counts as false, as in Sealed Secrets")]
    [InlineData("ALL_NAMESPACES", "", "counts as false, as in Sealed Secrets")]
    [InlineData("ACCEPT_DEPRECATED_V1_DATA", "no", "counts as false, as in Sealed Secrets")]
    [InlineData("RATE_LIMIT_BURST", "two", "counts as 0, as in Sealed Secrets")]
    [InlineData("KUBECLIENT_QPS", "fast", "counts as 0, as in Sealed Secrets")]
    [InlineData("KEY_SIZE", "big", "is passed over")] // with zero the original makes no key either
    [InlineData("READ_TIMEOUT", "5 minutes", "is passed over")]
    [InlineData("KEY_ORDER_PRIORITY", "Newest", "is passed over")]
    [InlineData("LOG_LEVEL", "loud", "is passed over")]
    [InlineData("LOG_FORMAT", "xml", "is passed over")]
    public void A_bad_value_in_the_environment_of_the_original_counts_as_it_does_there_and_is_told(string name, string value, string what)
    {
        var options = ControllerOptions.Load([], new Dictionary<string, string> { ["SEALED_SECRETS_" + name] = value }, out var problems);
        Assert.Empty(problems);
        Assert.StartsWith($"SEALED_SECRETS_{name} cannot be used and {what}: ", Assert.Single(options.Warnings), StringComparison.Ordinal);
        Assert.Equal(name is "KEY_RENEW_PERIOD" or "ROTATE_PERIOD" ? TimeSpan.Zero : TimeSpan.FromDays(30), options.KeyRenewPeriod);
        Assert.Equal((name != "UPDATE_STATUS", name != "ALL_NAMESPACES", name != "ACCEPT_DEPRECATED_V1_DATA"), (options.UpdateStatus, options.AllNamespaces, options.AcceptLegacyData));
        Assert.Equal((4096, TimeSpan.FromMinutes(2), name == "RATE_LIMIT_BURST" ? 0 : 2), (options.KeySize, options.ReadTimeout, options.RateLimitBurst));
        Assert.Equal((KeyOrderPriority.CertNotBefore, LogLevel.Information, false), (options.KeyOrderPriority, options.LogLevel, options.LogAsJson));
    }

    [Fact]
    public void Texts_that_the_original_does_not_know_stop_nobody_as_flags_either()
    {
        var options = Load(["--key-order-priority=Newest", "--log-level=loud", "--log-format=xml"], out var problems);
        Assert.Empty(problems);
        Assert.Equal(["--key-order-priority cannot be used and is passed over: expected CertNotBefore or SecretCreationTimestamp", "--log-level", "--log-format"], options.Warnings.Select((warning, i) => i == 0 ? warning : warning.Split(' ')[0]));
        Assert.Equal((KeyOrderPriority.CertNotBefore, LogLevel.Information, false), (options.KeyOrderPriority, options.LogLevel, options.LogAsJson));
        _ = Load(["--key-size=big"], out problems);
        Assert.Single(problems);
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        _ = Load(["--leader-elect-lease-duration=5s"], out var problems);
        Assert.Contains("--leader-elect-renew-deadline must be shorter", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_renewed_no_later_than_its_certificate_ends()
    {
        var options = Load(["--key-ttl=168h"], out var problems);
        Assert.Empty(problems);
        Assert.Equal((TimeSpan.FromDays(7), TimeSpan.FromDays(7)), (options.KeyTtl, options.KeyRenewPeriod));
        Assert.Equal(TimeSpan.Zero, Load(["--key-ttl=168h", "--key-renew-period=0"], out _).KeyRenewPeriod);
    }

    [Fact]
    public void A_cutoff_is_read_as_date_R_prints_it()
    {
        var options = Load(["--key-cutoff-time", "Mon, 23 Nov 2026 01:00:00 +0100"], out var problems);
        Assert.Empty(problems);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), options.KeyCutoffTime);
    }

    [Fact]
    public void Additional_namespaces_are_served_beside_the_own_one_whatever_all_namespaces_says()
    {
        var environment = new Dictionary<string, string> { ["POD_NAMESPACE"] = "kube-system" };
        var options = ControllerOptions.Load(["--additional-namespaces=team-a, team-b,kube-system"], environment, out _);
        Assert.Equal(["kube-system", "team-a", "team-b"], options.Namespaces!);
        Assert.Equal(["kube-system"], ControllerOptions.Load(["--all-namespaces=false"], environment, out _).Namespaces!);
    }

    [Fact]
    public void The_label_that_makes_a_Secret_a_key_cannot_be_overridden()
    {
        var options = Load(["--privatekey-labels", "team=a,sealedsecrets.bitnami.com/sealed-secrets-key=compromised"], out var problems);
        Assert.Empty(problems);
        Assert.Equal(["team"], options.PrivateKeyLabels.Keys);
    }

    [Fact]
    public void Flags_of_the_original_that_mean_nothing_here_are_accepted()
    {
        _ = Load(["--watch-for-secrets", "--max-unseal-retries=7", "--kubeclient-qps=20", "--kubeclient-burst=40", "--rotate-period=1h"], out var problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void Every_flag_of_External_Secrets_Operator_is_taken_with_its_default()
    {
        const string Theirs = """
            --metrics-addr=:8080 --metrics-auth=false --metrics-secure=false --metrics-cert-dir= --metrics-cert-name=tls.crt --metrics-key-name=tls.key --controller-class=default
            --enable-leader-election=false --leader-election-id=external-secrets-controller --leader-election-lease-duration=15s --leader-election-renew-deadline=10s
            --leader-election-retry-period=2s --concurrent=1 --client-qps=50 --client-burst=100 --live-addr=:8082 --loglevel=info --zap-time-encoding=epoch
            --enable-cluster-store-reconciler=true --enable-secret-store-reconciler=true --enable-cluster-external-secret-reconciler=true --enable-cluster-push-secret-reconciler=true
            --enable-push-secret-reconciler=true --enable-secrets-caching=false --enable-configmaps-caching=false --enable-managed-secrets-caching=true
            --enable-secret-api-read-on-cache-mismatch=true --store-requeue-interval=5m --enable-flood-gate=true --enable-generator-state=true --enable-extended-metric-labels=false
            --enable-http2=false --unsafe-allow-generic-targets=false --generator-gc-grace-period=2m --template-left-delimiter={{ --template-right-delimiter=}}
            --enable-vault-token-cache=false --vault-token-cache-size=262144 --experimental-enable-vault-token-cache=false --experimental-vault-token-cache-size=262144
            --experimental-enable-doppler-oidc-cache=false --experimental-doppler-oidc-cache-size=262144 --doppler-etag-cache-size=16384 --mysterybox-tokens-cache-size=1
            --mysterybox-connections-cache-size=1 --pulumi-oidc-cache-size=1
            """;
        _ = Load(Theirs.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), out var problems);
        Assert.Empty(problems);
    }

    private string Written(string content)
    {
        var path = Path.Combine(folder.FullName, Guid.NewGuid() + ".yaml");
        File.WriteAllText(path, content);
        return path;
    }

    private static ControllerOptions Load(string[] arguments, out IReadOnlyList<string> problems) =>
        ControllerOptions.Load(arguments, new Dictionary<string, string>(), out problems);
}
