using System.Xml.Linq;

namespace GitOpsSecrets.House.Tests;

/// <summary>The arrows between the parts: each project lists what it may stand on, and nothing else compiles in.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Api"] = [],
        ["GoTemplate"] = ["Api"],
        ["Sops"] = ["Api"],
        ["Sealing"] = ["Api"],
        // Of the cluster they know what their contract shows them; they know no controller, and not how a Secret is written. Of SOPS they know how a
        // service that keeps keys is asked, and the OpenPGP messages that Passbolt sends.
        ["Providers"] = ["Api", "GoTemplate", "Sops"],
        ["Seal.Cli"] = ["Api", "Sealing", "GoTemplate", "Sops", "Providers"],
        ["Controller"] = ["Api", "Sealing", "GoTemplate", "Sops", "Providers"],
        // Its program starts the controller through the public host builder and runs `seal` as a process.
        ["LocalCluster"] = ["Api", "Controller", "Seal.Cli"],
    };

    public static TheoryData<string> SourceProjects() => [.. Repository.Projects("src").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_stands_only_on_what_the_design_allows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is new: say here what it may stand on");
        var path = Path.Combine(Repository.Root, "src", project, project + ".csproj");
        var references = XDocument.Load(path).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/')).ToList();
        Assert.All(references, reference => Assert.DoesNotContain("tests/", reference, StringComparison.Ordinal));
        Assert.Empty(references.Select(reference => Path.GetFileNameWithoutExtension(reference)).Except(allowed));
    }

    [Fact]
    public void Sealing_knows_no_Kubernetes_logger_or_clock()
    {
        var packages = XDocument.Load(Path.Combine(Repository.Root, "src", "Sealing", "Sealing.csproj")).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value);
        Assert.Equal(["BouncyCastle.Cryptography"], packages);
        Assert.All(Repository.SourceFiles("src/Sealing"), file => Assert.DoesNotContain("TimeProvider", File.ReadAllText(file), StringComparison.Ordinal));
    }

    /// <summary>Of SOPS the stores need one thing: the messages that a password manager encrypts for its user.</summary>
    [Fact]
    public void Of_the_providers_only_the_services_of_SOPS_keys_and_Passbolt_stand_on_Sops()
    {
        var folders = Repository.SourceFiles("src/Providers")
            .Where(file => File.ReadLines(file).Any(line => line.StartsWith("using GitOpsSecrets.Sops", StringComparison.Ordinal)))
            .Select(file => Repository.Relative(file).Split('/')[2])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(["Passbolt", "SopsKeys"], folders);
    }

    [Fact]
    public void Only_the_Kube_folder_speaks_to_KubernetesClient()
    {
        var elsewhere = Repository.SourceFiles("src")
            .Where(file => !Repository.Relative(file).StartsWith("src/Controller/Kube/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => line.StartsWith("using k8s", StringComparison.Ordinal)))
            .Select(Repository.Relative);
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "GitOpsSecrets.sln")).Replace('\\', '/');
        Assert.All(Repository.Projects("src").Concat(Repository.Projects("tests")), project => Assert.Contains(Repository.Relative(project), solution, StringComparison.Ordinal));
    }
}
