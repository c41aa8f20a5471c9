using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The port for events: a component of kustomize, a value of the chart, and off without them.</summary>
public sealed class EventsTests
{
    private const string Account = "sealed-secrets-controller";
    private const string Service = "sealed-secrets-controller-events";
    private const string On = "events: {enabled: true, keysSecret: event-keys, sources: [{name: ci, generic: {keyFiles: [/etc/event-keys/ci]}}]}";

    [Fact]
    public void It_is_off_unless_asked_for()
    {
        Assert.DoesNotContain(HelmChart.Template(release: Account).OfKind("Service"), service => (string?)service["metadata", "name"] == Service);
        Assert.DoesNotContain(HelmChart.Template(release: Account).Container["args"]!.AsArray(), flag => ((string)flag!).StartsWith("--event-", StringComparison.Ordinal));
        Assert.DoesNotContain(Kustomization.Render(Kustomization.ExternalSecrets).OfKind("Service"), service => (string?)service["metadata", "name"] == Service);
    }

    [Fact]
    public void The_port_is_open_the_controller_listens_there_and_the_Service_leads_to_it()
    {
        var component = Rendered();
        ServiceChecks.LeadToThePod(component, Service, "events", 443, containerPort: 10260);
        Assert.Contains(component.Container["env"]!.AsArray(), variable => (string?)variable!["name"] == "SEALED_SECRETS_EVENT_LISTEN_ADDR" && (string?)variable["value"] == ":10260");
        Assert.Contains(component.One("NetworkPolicy")["spec", "ingress"]![0]!["ports"]!.AsArray(), port => (string?)port!["port"] == "events");

        var chart = Chart("networkPolicy: {enabled: true}, ");
        ServiceChecks.LeadToThePod(chart, Service, "events", 443, containerPort: 10260);
        var flags = chart.Container["args"]!.AsArray().Select(flag => (string?)flag).ToList();
        Assert.Contains("--event-listen-addr=:10260", flags);
        Assert.Contains($"--event-service-name={Service}", flags);
        Assert.Contains($"--event-secret-name={Service}", flags);
        Assert.Contains(chart.One("NetworkPolicy")["spec", "ingress"]![0]!["ports"]!.AsArray(), port => (string?)port!["port"] == "events");
    }

    [Fact]
    public void The_list_of_sources_and_their_keys_lie_where_the_controller_looks_for_them()
    {
        foreach (var manifests in new[] { Rendered(), Chart() })
        {
            var mounts = manifests.Container["volumeMounts"]!.AsArray().ToDictionary(mount => (string)mount!["mountPath"]!, mount => (string)mount!["name"]!);
            var volumes = manifests.Pod["volumes"]!.AsArray().ToDictionary(volume => (string)volume!["name"]!, volume => volume!);
            Assert.Equal(Service, (string?)volumes[mounts["/etc/events"]]["configMap"]!["name"]);
            Assert.NotNull((string?)volumes[mounts["/etc/event-keys"]]["secret"]!["secretName"]);
        }
        Assert.Contains(Chart().Container["args"]!.AsArray(), flag => (string?)flag == "--event-sources-file=/etc/events/events.yaml");
        Assert.Contains(Rendered().Container["env"]!.AsArray(), variable => (string?)variable!["name"] == "SEALED_SECRETS_EVENT_SOURCES_FILE" && (string?)variable["value"] == "/etc/events/events.yaml");
    }

    [Fact]
    public void The_chart_writes_the_list_and_a_new_one_brings_new_pods()
    {
        var map = Chart().OfKind("ConfigMap").Single(found => (string?)found["metadata", "name"] == Service);
        Assert.Contains("- /etc/event-keys/ci", (string)map["data", "events.yaml"]!, StringComparison.Ordinal);
        Assert.StartsWith("events:\n", (string)map["data", "events.yaml"]!, StringComparison.Ordinal);
        Assert.NotEqual(Checksum(Chart()), Checksum(HelmChart.Template("externalSecrets: {events: {enabled: true, sources: [{name: other, generic: {keyFiles: [/etc/event-keys/ci]}}]}}", release: Account)));

        static string? Checksum(ManifestSet chart) => (string?)chart.One("Deployment")["spec", "template", "metadata", "annotations", "checksum/events"];
    }

    [Fact]
    public void No_rights_are_asked_for() =>
        Assert.Equal(AccessRules.Of(HelmChart.Template(release: Account), "ServiceAccount", Account), AccessRules.Of(Chart(), "ServiceAccount", Account));

    [Fact]
    public void A_certificate_of_others_is_mounted()
    {
        var chart = HelmChart.Template("externalSecrets: {events: {enabled: true, certificateSecret: events-cert}}", release: Account);
        Assert.Contains("--event-cert-dir=/event-certificate", chart.Container["args"]!.AsArray().Select(flag => (string?)flag));
        Assert.Contains(chart.Pod["volumes"]!.AsArray(), volume => (string?)volume!["secret"]?["secretName"] == "events-cert");
        Assert.Contains(chart.Container["volumeMounts"]!.AsArray(), mount => (string?)mount!["mountPath"] == "/event-certificate");
    }

    private static ManifestSet Chart(string more = "") => HelmChart.Template("{" + more + "externalSecrets: {" + On + "}}", release: Account);

    /// <summary>The base with the component, as an overlay of a user has it.</summary>
    private static ManifestSet Rendered()
    {
        var folder = Directory.CreateTempSubdirectory("events-overlay-");
        try
        {
            string Relative(string path) => Path.GetRelativePath(folder.FullName, Repository.PathOf(path));
            File.WriteAllText(Path.Combine(folder.FullName, "kustomization.yaml"), $"resources: [\"{Relative(Kustomization.Base)}\"]\ncomponents: [\"{Relative("deploy/kustomize/components/events")}\"]\n");
            return Kustomization.Render(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
