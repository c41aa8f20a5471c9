using System.Text.RegularExpressions;

namespace GitOpsSecrets.Deploy.Tests.Monitoring;

/// <summary>Names of metrics, as the controller's source makes them and as rules and dashboards use them.</summary>
internal static partial class MetricNames
{
    private const string Prefix = "sealed_secrets_controller_";

    /// <summary>Every name a scrape can hold: those in the source, and what a histogram makes of its own.</summary>
    public static IReadOnlySet<string> InSource()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Repository.Files("src/Controller", "*.cs").Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            foreach (Match made in Made().Matches(Repository.Read(file)))
            {
                var name = Prefix + made.Groups["name"].Value;
                names.Add(name);
                if (made.Groups["kind"].Value == "CreateHistogram") names.UnionWith([name + "_bucket", name + "_count", name + "_sum"]);
            }
        }
        Assert.NotEmpty(names);
        return names;
    }

    public static IReadOnlySet<string> UsedIn(string text)
    {
        var names = Used().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(names);
        return names;
    }

    // make.CreateGauge(Prefix + "leader", …   or   Metrics.Prefix + "condition_info"
    [GeneratedRegex("""(?:(?<kind>Create\w+)\(\s*)?Prefix \+ "(?<name>\w+)"|"sealed_secrets_controller_(?<name>\w+)""")]
    private static partial Regex Made();

    [GeneratedRegex(Prefix + @"\w+")]
    private static partial Regex Used();
}
