using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The admission webhook: a component of kustomize, a value of the chart, and off without them.</summary>
public sealed class WebhookTests
{
    private const string Account = "sealed-secrets-controller";
    private const string Service = "sealed-secrets-controller-webhook";

    [Fact]
    public void It_is_off_unless_asked_for()
    {
        Assert.Empty(HelmChart.Template().OfKind("ValidatingWebhookConfiguration"));
        Assert.Empty(Kustomization.Render(Kustomization.ExternalSecrets).OfKind("ValidatingWebhookConfiguration"));
    }

    [Fact]
    public void The_API_server_asks_about_the_three_kinds_where_the_original_s_webhook_was()
    {
        var webhooks = Webhooks(Rendered());
        Assert.Equal(
            ["validate.clustersecretstore.external-secrets.io", "validate.externalsecret.external-secrets.io", "validate.secretstore.external-secrets.io"],
            webhooks.Select(webhook => (string?)webhook["name"]).Order(StringComparer.Ordinal));
        Assert.All(webhooks, webhook =>
        {
            var kind = ((string)webhook["name"]!).Split('.')[1];
            Assert.Equal($"/validate-external-secrets-io-v1-{kind}", (string?)webhook["clientConfig"]!["service"]!["path"]);
            Assert.Equal(kind + "s", (string?)webhook["rules"]![0]!["resources"]![0]);
        });
    }

    [Fact]
    public void The_port_is_open_the_controller_listens_there_and_the_Service_leads_to_it()
    {
        var component = Rendered();
        ServiceChecks.LeadToThePod(component, Service, "webhook", 443, containerPort: 10250);
        Assert.Contains(component.Container["env"]!.AsArray(), variable => (string?)variable!["name"] == "SEALED_SECRETS_WEBHOOK_ADDR" && (string?)variable["value"] == ":10250");
        Assert.Contains(component.One("NetworkPolicy")["spec", "ingress"]![0]!["ports"]!.AsArray(), port => (string?)port!["port"] == "webhook");

        var chart = Chart("networkPolicy: {enabled: true}, ");
        ServiceChecks.LeadToThePod(chart, Service, "webhook", 443, containerPort: 10250);
        Assert.Contains("--webhook-addr=:10250", chart.Container["args"]!.AsArray().Select(flag => (string?)flag));
        Assert.Contains($"--webhook-service-name={Service}", chart.Container["args"]!.AsArray().Select(flag => (string?)flag));
        Assert.Contains(chart.One("NetworkPolicy")["spec", "ingress"]![0]!["ports"]!.AsArray(), port => (string?)port!["port"] == "webhook");
    }

    [Fact]
    public void Chart_and_component_say_the_same()
    {
        Assert.True(JsonNode.DeepEquals(Sorted(Webhooks(Rendered())), Sorted(Webhooks(Chart()))));
        Assert.Equal(AccessRules.Of(Rendered(), "ServiceAccount", Account), AccessRules.Of(Chart(), "ServiceAccount", Account));
    }

    [Fact]
    public void The_controller_may_write_those_two_configurations_and_no_others()
    {
        var more = AccessRules.Of(Chart(), "ServiceAccount", Account).Except(AccessRules.Of(HelmChart.Template(release: Account), "ServiceAccount", Account));
        const string Resource = "admissionregistration.k8s.io/validatingwebhookconfigurations";
        Assert.Equal(
            new HashSet<Grant>
            {
                new("*", Resource, "get", "secretstore-validate"),
                new("*", Resource, "update", "secretstore-validate"),
                new("*", Resource, "get", "externalsecret-validate"),
                new("*", Resource, "update", "externalsecret-validate"),
            },
            more.ToHashSet());
    }

    [Fact]
    public void A_certificate_of_others_is_mounted_and_no_rights_are_asked_for()
    {
        var chart = HelmChart.Template(
            "externalSecrets: {webhook: {enabled: true, certificateSecret: hook-cert, annotations: {cert-manager.io/inject-ca-from: kube-system/hook}}}", release: Account);
        Assert.Contains("--webhook-cert-dir=/certificate", chart.Container["args"]!.AsArray().Select(flag => (string?)flag));
        Assert.Contains(chart.Pod["volumes"]!.AsArray(), volume => (string?)volume!["secret"]?["secretName"] == "hook-cert");
        Assert.Contains(chart.Container["volumeMounts"]!.AsArray(), mount => (string?)mount!["mountPath"] == "/certificate");
        Assert.All(chart.OfKind("ValidatingWebhookConfiguration"), configuration => Assert.Equal("kube-system/hook", (string?)configuration["metadata", "annotations", "cert-manager.io/inject-ca-from"]));
        Assert.DoesNotContain(AccessRules.Of(chart, "ServiceAccount", Account), grant => grant.Resource.StartsWith("admissionregistration", StringComparison.Ordinal));
    }

    private static ManifestSet Chart(string more = "") => HelmChart.Template("{" + more + "externalSecrets: {webhook: {enabled: true}}}", release: Account);

    /// <summary>The base with the component, as an overlay of a user has it.</summary>
    private static ManifestSet Rendered()
    {
        var folder = Directory.CreateTempSubdirectory("webhook-overlay-");
        try
        {
            string Relative(string path) => Path.GetRelativePath(folder.FullName, Repository.PathOf(path));
            File.WriteAllText(Path.Combine(folder.FullName, "kustomization.yaml"), $"resources: [\"{Relative(Kustomization.Base)}\"]\ncomponents: [\"{Relative("deploy/kustomize/components/webhook")}\"]\n");
            return Kustomization.Render(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<JsonNode> Webhooks(ManifestSet manifests) => [.. manifests.OfKind("ValidatingWebhookConfiguration").SelectMany(configuration => configuration["webhooks"]!.AsArray().Select(webhook => webhook!))];

    private static JsonArray Sorted(IEnumerable<JsonNode> webhooks) => new([.. webhooks.OrderBy(webhook => (string?)webhook["name"], StringComparer.Ordinal).Select(webhook => webhook.DeepClone())]);
}
