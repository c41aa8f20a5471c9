namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>What <c>deploy/</c> installs, embedded: definitions first. The Deployment is left out, since the controller runs in this process.</summary>
internal static class DeployManifests
{
    private const string Prefix = "deploy/";

    public static IReadOnlyList<string> All()
    {
        var assembly = typeof(DeployManifests).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name != Prefix + "deployment.yaml");
        return [.. names.OrderByDescending(IsDefinition).ThenBy(name => name, StringComparer.Ordinal).Select(Read)];

        // Definitions are named after their group; nothing else has a dot in its name.
        static bool IsDefinition(string name) => name[..^".yaml".Length].Contains('.', StringComparison.Ordinal);

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
