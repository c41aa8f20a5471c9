using System.Text.Json;
using GitOpsSecrets.Controller.External.Announcements;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>The bodies of <c>tests/vectors/events</c>: what is read from each.</summary>
public sealed class EventShapeTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (file, document) in Files())
        {
            foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray()) cases.Add(Path.GetFileName(file), item.GetProperty("name").GetString()!);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_body_says_what_its_vector_says(string file, string name)
    {
        var document = Files().Single(found => Path.GetFileName(found.File) == file).Document.RootElement;
        var shape = AnnouncementParts.ShapeOf(Enum.Parse<SourceShape>(document.GetProperty("shape").GetString()!));
        var vector = document.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);
        var read = shape.Read(vector.GetProperty("body"));
        var expected = vector.GetProperty("changes");
        if (expected.ValueKind == JsonValueKind.Null) Assert.Null(read);
        else Assert.Equal(expected.EnumerateArray().Select(Line), read!.Select(Line));
    }

    [Fact]
    public void Every_shape_has_vectors() =>
        Assert.Equal(Enum.GetNames<SourceShape>().Order(StringComparer.Ordinal), Files().Select(file => file.Document.RootElement.GetProperty("shape").GetString()!).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(nameof(SourceShape.Generic), """{"provider":"vault","key":"a"}""")]
    [InlineData(nameof(SourceShape.EventGrid), """{"eventType":"Microsoft.KeyVault.SecretNewVersionCreated","data":{"VaultName":"v","ObjectName":"a"}}""")]
    public void A_list_is_bounded(string name, string one)
    {
        var shape = AnnouncementParts.ShapeOf(Enum.Parse<SourceShape>(name));
        Assert.Equal(100, shape.Read(List(100))!.Count);
        Assert.Null(shape.Read(List(101)));

        JsonElement List(int count) => JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat(one, count))}]").RootElement;
    }

    private static IEnumerable<(string File, JsonDocument Document)> Files() =>
        Directory.GetFiles(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "tests", "vectors", "events"), "*.json").Select(file => (file, JsonDocument.Parse(File.ReadAllBytes(file))));

    private static string Line(JsonElement change) => string.Join(' ', ((string[])["provider", "key", "part", "region", "container", "store", "namespace"]).Select(name => change.TryGetProperty(name, out var value) ? value.GetString() : "-"));

    private static string Line(ToldChange told) =>
        string.Join(' ', ((string?[])[told.Change.Provider, told.Change.Key, told.Change.Part, told.Change.Region, told.Change.Container, told.Store, told.Namespace]).Select(value => value ?? "-"));
}
