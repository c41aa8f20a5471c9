using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.GoTemplate;

namespace GitOpsSecrets.Deploy.Tests.Helm;

public sealed class HelmChartTests
{
    [Theory]
    [InlineData("sealed-secrets", "", "sealed-secrets")]
    [InlineData("sealed-secrets-controller", "", "sealed-secrets-controller")]
    [InlineData("x", "", "x-sealed-secrets")]
    [InlineData("x", "nameOverride: other", "x-other")]
    [InlineData("x", "fullnameOverride: sealed-secrets-controller", "sealed-secrets-controller")]
    public void Objects_are_named_as_the_original_chart_names_them(string release, string values, string name)
    {
        var manifests = HelmChart.Template(values, release);

        Assert.Equal(name, manifests.Deployment.Name);
        Assert.Equal([name, $"{name}-metrics"], manifests.OfKind("Service").Select(service => service.Name));
        Assert.Equal(name, (string?)manifests.Pod["serviceAccountName"]);
        Assert.Contains($"--leader-elect-lease-name={name}", Arguments(manifests));
    }

    [Fact]
    public void A_release_of_the_original_chart_can_be_upgraded_in_place_because_the_selector_is_the_same() =>
        Assert.Equal(
            """{"app.kubernetes.io/name":"sealed-secrets","app.kubernetes.io/instance":"mine"}""",
            HelmChart.Template(release: "mine").Deployment["spec", "selector", "matchLabels"]!.ToJsonString());

    [Fact]
    public void The_services_lead_to_the_ports_of_the_pod()
    {
        ServiceChecks.LeadToThePod(HelmChart.Template(), "sealed-secrets", "http", 8080);
        ServiceChecks.LeadToThePod(HelmChart.Template(), "sealed-secrets-metrics", "metrics", 8081);
    }

    [Theory]
    [InlineData("{}", "--key-prefix=sealed-secrets-key")]
    [InlineData("{}", "--update-status=true")]
    [InlineData("updateStatus: false", "--update-status=false")]
    [InlineData("logInfoStdout: false", "--log-info-stdout=false")]
    [InlineData("secretName: my-key", "--key-prefix=my-key")]
    [InlineData("keyrenewperiod: \"0\"", "--key-renew-period=0")]
    [InlineData("keyrenewperiod: 0", "--key-renew-period=0")]
    [InlineData("keyttl: 1000h", "--key-ttl=1000h")]
    [InlineData("keycutofftime: Mon, 02 Jan 2006 15:04:05 -0700", "--key-cutoff-time=Mon, 02 Jan 2006 15:04:05 -0700")]
    [InlineData("rateLimit: 5", "--rate-limit=5")]
    [InlineData("rateLimitBurst: \"7\"", "--rate-limit-burst=7")]
    [InlineData("additionalNamespaces: [a, b]", "--additional-namespaces=a,b")]
    [InlineData("privateKeyLabels: {b: 2x, a: 1x}", "--privatekey-labels=a=1x,b=2x")]
    [InlineData("privateKeyAnnotations: {x/y: z}", "--privatekey-annotations=x/y=z")]
    [InlineData("logLevel: ERROR", "--log-level=ERROR")]
    [InlineData("logFormat: json", "--log-format=json")]
    [InlineData("logLevel: debug", "--log-level=debug")]
    [InlineData("maxRetries: 9", "--max-unseal-retries=9")]
    [InlineData("kubeClientQPS: 50", "--kubeclient-qps=50")]
    [InlineData("kubeClientBurst: 100", "--kubeclient-burst=100")]
    [InlineData("workers: 4", "--workers=4")]
    [InlineData("skipRecreate: true", "--skip-recreate")]
    [InlineData("containerPorts: {http: 9080}", "--listen-addr=:9080")]
    [InlineData("containerPorts: {metrics: 9081}", "--listen-metrics-addr=:9081")]
    [InlineData("extraArgs: [--key-size=2048]", "--key-size=2048")]
    public void A_value_becomes_its_flag(string values, string flag) => Assert.Contains(flag, Arguments(HelmChart.Template(values)));

    [Fact]
    public void Values_that_are_empty_leave_the_defaults_of_the_controller() => Assert.Equal(6, Arguments(HelmChart.Template()).Count);

    [Fact]
    public void Own_arguments_take_the_place_of_all_others() =>
        Assert.Equal(["--key-prefix=sealed-secrets"], Arguments(HelmChart.Template("args: [\"--key-prefix={{ .Release.Name }}\"]")));

    [Theory]
    [InlineData("rbac: {namespacedRoles: true}", "set rbac.clusterRole to false")]
    [InlineData("privateKeyLabels: {a: 1}", "the value of a must be a string")]
    [InlineData("networkPolicy: {enabled: true, egress: {enabled: true}}", "set kubeapiCidr and kubeapiPort")]
    [InlineData("networkPolicy: {enabled: true, egress: {enabled: true, kubeapiCidr: 10.0.0.1/32}}", "kubeapiPort goes with kubeapiCidr")]
    public void A_contradiction_stops_the_installation_and_says_what_to_do(string values, string message) =>
        Assert.Contains(message, Assert.Throws<TemplateException>(() => HelmChart.Template(values)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_the_controller_only_accounts_and_roles_are_left()
    {
        var manifests = HelmChart.Template("{createController: false, ingress: {enabled: true}}");
        Assert.All(manifests.All, manifest => Assert.Contains(manifest.Kind, new[] { "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding" }));
    }

    [Fact]
    public void Everything_optional_is_off_until_it_is_asked_for()
    {
        string[] optional = ["Ingress", "NetworkPolicy", "PodDisruptionBudget", "ServiceMonitor", "PrometheusRule", "ConfigMap"];
        Assert.DoesNotContain(HelmChart.Template().All, manifest => optional.Contains(manifest.Kind));

        var all = HelmChart.Template("""
            ingress: {enabled: true, tls: true, ingressClassName: nginx, extraHosts: [{name: other.local}]}
            networkPolicy: {enabled: true, egress: {enabled: true, kubeapiCidr: 10.0.0.1/32, kubeapiPort: 6443}}
            pdb: {create: true}
            replicaCount: 2
            metrics: {serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboards: {create: true}}
            """);
        foreach (var kind in optional) Assert.Single(all.OfKind(kind));
        Assert.Equal(2, (long)all.Deployment["spec", "replicas"]!);
        Assert.Equal(2, all.One("Ingress")["spec", "rules"]!.AsArray().Count);
        Assert.Equal("10.0.0.1/32", (string?)all.One("NetworkPolicy")["spec", "egress"]![0]!["to"]![0]!["ipBlock"]!["cidr"]);
        Assert.Equal(Repository.Read("deploy/monitoring/dashboard.json"), (string?)all.One("ConfigMap")["data", "sealed-secrets.json"]);
        Assert.Equal("""{"app.kubernetes.io/name":"sealed-secrets","app.kubernetes.io/instance":"sealed-secrets","app.kubernetes.io/component":"metrics"}""",
            all.One("ServiceMonitor")["spec", "selector", "matchLabels"]!.ToJsonString());
        Assert.Equal("metrics", (string?)all.One("Service", "sealed-secrets-metrics")["metadata", "labels", "app.kubernetes.io/component"]);
    }

    [Fact]
    public void Common_labels_and_annotations_reach_every_object_and_may_hold_templates()
    {
        var manifests = HelmChart.Template("""
            commonLabels: {team: "{{ .Release.Name }}"}
            commonAnnotations: {note: "{{ .Release.Namespace }}"}
            """);
        Assert.All(manifests.All, manifest =>
        {
            Assert.Equal("sealed-secrets", (string?)manifest["metadata", "labels", "team"]);
            Assert.Equal("kube-system", (string?)manifest["metadata", "annotations", "note"]);
        });
    }

    [Fact]
    public void Further_objects_can_be_given_as_maps_or_as_text()
    {
        var manifests = HelmChart.Template("""
            extraDeploy:
              - {apiVersion: v1, kind: ConfigMap, metadata: {name: "a-{{ .Release.Name }}"}}
              - |
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: b-{{ .Release.Name }}
            """);
        Assert.Equal(["a-sealed-secrets", "b-sealed-secrets"], manifests.OfKind("ConfigMap").Select(map => map.Name));
    }

    [Fact]
    public void A_standard_probe_that_is_off_makes_room_for_a_custom_one()
    {
        var container = HelmChart.Template("""
            livenessProbe: {enabled: false}
            customLivenessProbe: {tcpSocket: {port: metrics}}
            startupProbe: {enabled: true}
            """).Container;
        Assert.Equal("""{"tcpSocket":{"port":"metrics"}}""", container["livenessProbe"]!.ToJsonString());
        Assert.Equal("http", (string?)container["startupProbe"]!["tcpSocket"]!["port"]);
        Assert.Null(container["readinessProbe"]!["enabled"]);
    }

    [Fact]
    public void The_notes_name_the_service_that_the_client_has_to_be_told() =>
        Assert.Contains("--controller-name=x-sealed-secrets --controller-namespace=sealing", HelmChart.Notes(release: "x", ns: "sealing"), StringComparison.Ordinal);

    private static List<string> Arguments(ManifestSet manifests) => [.. manifests.Container["args"]!.AsArray().Select(argument => (string)argument!)];
}
