using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GitOpsSecrets.Crds;

/// <summary>The summaries that the compiler wrote beside the assembly of src/Api.</summary>
internal static partial class Descriptions
{
    private static readonly Lazy<Dictionary<string, string>> Summaries = new(Load);

    public static string? Of(PropertyInfo property) => Find($"P:{NameOf(property.DeclaringType!)}.{property.Name}");

    public static string? Of(Type type) => Find($"T:{NameOf(type)}");

    private static string? Find(string member) => Summaries.Value.GetValueOrDefault(member);

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static Dictionary<string, string> Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "GitOpsSecrets.Api.xml");
        return XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!), StringComparer.Ordinal);
    }

    private static string Text(XElement summary)
    {
        foreach (var reference in summary.Descendants("see").ToList()) reference.ReplaceWith(reference.Attribute("cref")!.Value.Split('.')[^1]);
        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
