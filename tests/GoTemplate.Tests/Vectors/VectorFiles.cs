using System.Text.Json;

namespace GitOpsSecrets.GoTemplate.Tests.Vectors;

/// <summary>Finds and reads tests/vectors/templates; finding nothing is an error, never an empty success.</summary>
internal static class VectorFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<VectorCase> Cases { get; } = Load();

    public static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors", "templates");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("tests/vectors/templates");
    }

    private static List<VectorCase> Load()
    {
        var cases = File.ReadLines(Path.Combine(Folder(), "cases.jsonl"))
            .Where(line => line.Length > 0)
            .Select(line => JsonSerializer.Deserialize<VectorCase>(line, Json) ?? throw new InvalidDataException("null case"))
            .ToList();
        return cases.Count > 0 ? cases : throw new InvalidDataException("cases.jsonl holds no case");
    }
}
