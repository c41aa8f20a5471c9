namespace GitOpsSecrets.Deploy.Tests.Manifests;

internal static class ServiceChecks
{
    /// <summary>The Service selects the pod of the Deployment, and its only port leads to the container's port of the same name.</summary>
    public static void LeadToThePod(ManifestSet manifests, string service, string portName, long port, long? containerPort = null)
    {
        var spec = manifests.One("Service", service)["spec"]!;
        var labels = manifests.Deployment["spec", "template", "metadata", "labels"]!;
        foreach (var (label, value) in spec["selector"]!.AsObject()) Assert.Equal((string?)value, (string?)labels[label]);

        var servicePort = Assert.Single(spec["ports"]!.AsArray())!;
        Assert.Equal((portName, port, portName), ((string?)servicePort["name"], (long)servicePort["port"]!, (string?)servicePort["targetPort"]));
        Assert.Contains(manifests.Container["ports"]!.AsArray(), p => (string?)p!["name"] == portName && (long)p["containerPort"]! == (containerPort ?? port));
    }
}
