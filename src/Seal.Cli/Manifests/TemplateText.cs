using System.Text;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>Tells a file that a template engine makes manifests of (Helm's, above all) from a manifest that is broken. The values in a SealedSecret's own templates have braces too.</summary>
internal static class TemplateText
{
    private const string Begin = "{{";
    private const string End = "}}";

    /// <summary>What stands for an action: no text that people write.</summary>
    private const char Action = '\uE000';

    /// <param name="path">Of the file.</param>
    /// <param name="bytes">Its content, which is no YAML.</param>
    public static bool Is(string path, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var first = text.IndexOf(Begin, StringComparison.Ordinal);
        return first >= 0 && text.IndexOf(End, first, StringComparison.Ordinal) > 0 && (IsInChart(path) || IsYamlWithout(text));
    }

    /// <summary>Below the folder <c>templates</c> of a chart.</summary>
    private static bool IsInChart(string path)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "templates" && File.Exists(Path.Combine(folder, "..", "Chart.yaml"))) return true;
        }
        return false;
    }

    /// <summary>Whether the actions alone keep it from being YAML: lines of nothing else are left out, others hold a word in their place.</summary>
    private static bool IsYamlWithout(string text)
    {
        var marked = new StringBuilder();
        var at = 0;
        for (int start, end; (start = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0 && (end = text.IndexOf(End, start, StringComparison.Ordinal)) >= 0; at = end + End.Length)
            marked.Append(text, at, start - at).Append(Action);
        var lines = marked.Append(text, at, text.Length - at).ToString().Split('\n')
            .Select(line => line.Contains(Action) && line.All(character => character == Action || char.IsWhiteSpace(character)) ? "" : line.Replace(Action, 'x'));
        try
        {
            YamlReader.ReadAll(string.Join('\n', lines));
            return true;
        }
        catch (YamlFormatException)
        {
            return false;
        }
    }
}
