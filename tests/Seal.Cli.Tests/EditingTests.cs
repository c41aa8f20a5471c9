using System.Text;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>A change in place touches nothing else of the text.</summary>
public sealed class EditingTests
{
    public static TheoryData<string, string, string, string, string> Changes => new()
    {
        { "a scalar between comments", "# top\nspec: # here\n  a: old # why\n  b: 1\n", "spec/a", "new", "# top\nspec: # here\n  a: new # why\n  b: 1\n" },
        { "quotes stay as they are", "a: 'old'\nb: \"old\"\n", "a", "new", "a: 'new'\nb: \"old\"\n" },
        { "double quotes too", "b: \"old\"\n", "b", "new", "b: \"new\"\n" },
        { "Windows line ends", "spec:\r\n  a: old\r\n  b: x\r\n", "spec/b", "new", "spec:\r\n  a: old\r\n  b: new\r\n" },
        { "a new key on Windows", "spec:\r\n  a: old\r\ntail: 1\r\n", "spec/c", "new", "spec:\r\n  a: old\r\n  c: new\r\ntail: 1\r\n" },
        { "a folded value", "spec:\n  a: >-\n    ol\n    d\n\n  b: 1\n", "spec/a", "new", "spec:\n  a: new\n\n  b: 1\n" },
        { "a literal value at the end", "spec:\n  a: |\n    old\n", "spec/a", "new", "spec:\n  a: new\n" },
        { "a key in a map that is missing", "metadata:\n  name: x\nspec:\n  a: b\n", "metadata/annotations/k", "v", "metadata:\n  name: x\n  annotations:\n    k: v\nspec:\n  a: b\n" },
        { "a key in a map that is empty", "metadata:\n  annotations:\n  name: x\n", "metadata/annotations/k", "v", "metadata:\n  annotations:\n    k: v\n  name: x\n" },
        { "a key in a map that is null", "metadata:\n  annotations: null\n  name: x\n", "metadata/annotations/k", "v", "metadata:\n  annotations: \n    k: v\n  name: x\n" },
        { "a key in {}", "spec:\n  encryptedData: {}\n", "spec/encryptedData/k", "v", "spec:\n  encryptedData: {\"k\":\"v\"}\n" },
        { "a flow map", "spec: {a: old, b: 1} # c\n", "spec/a", "new", "spec: {a: \"new\", b: 1} # c\n" },
        { "a new key in a flow map", "spec: {a: old} # c\n", "spec/b", "new", "spec: {a: old,\"b\": \"new\"} # c\n" },
        { "a flow map with an anchor", "spec: {n: &n x, a: old, b: *n} # c\n", "spec/a", "new", "spec: {n: &n x, a: \"new\", b: *n} # c\n" },
        { "no newline at the end", "spec:\n  a: b", "spec/c", "d", "spec:\n  a: b\n  c: d\n" },
        { "after a block with a comment behind it", "spec:\n  a:\n    x: y # last\n  # about nothing\nz: 1\n", "spec/a/nn", "v", "spec:\n  a:\n    x: y # last\n    nn: v\n  # about nothing\nz: 1\n" },
        { "letters outside the basic plane before it", "# 🔑 ключ\nn: \"🔑\"\na: old\n", "a", "new", "# 🔑 ключ\nn: \"🔑\"\na: new\n" },
        { "what would read as something else is quoted", "a: old\n", "a", "yes", "a: \"yes\"\n" },
        { "JSON, one member a line", "{\n  \"spec\": {\n    \"a\": \"old\"\n  }\n}\n", "spec/b", "new", "{\n  \"spec\": {\n    \"a\": \"old\",\n    \"b\": \"new\"\n  }\n}\n" },
        { "JSON with letters beyond ASCII", "{\"n\": \"é🔑\", \"a\": \"old\"}", "a", "new", "{\"n\": \"é🔑\", \"a\": \"new\"}" },
        { "a byte order mark", "\uFEFFa: old\n", "a", "new", "\uFEFFa: new\n" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void Only_what_was_asked_for_changes(string what, string before, string path, string value, string after)
    {
        var (edited, kept) = Edit(before, path, value);
        Assert.True(kept, what);
        Assert.Equal(after, edited);
    }

    public static TheoryData<string, string, string, string> Removals => new()
    {
        { "a line between others", "s:\n  # first\n  a: 1 # x\n  b: 2\n  c: 3\n", "s/b", "s:\n  # first\n  a: 1 # x\n  c: 3\n" },
        { "the first line", "s:\n  a: 1\n  b: 2\nt: 3\n", "s/a", "s:\n  b: 2\nt: 3\n" },
        { "a folded value", "s:\n  a: >-\n    x\n    y\n  b: 2\n", "s/a", "s:\n  b: 2\n" },
        { "the last line, without a line end", "s:\n  a: 1\n  b: 2", "s/b", "s:\n  a: 1" },
        { "the only entry", "s:\n  a: 1\nt: 3\n", "s/a", "s: {}\nt: 3\n" },
        { "the only entry below a comment", "s: # why\n  a: 1\nt: 3\n", "s/a", "s: # why\n  {}\nt: 3\n" },
        { "Windows line ends", "s:\r\n  a: 1\r\n  b: 2\r\n", "s/b", "s:\r\n  a: 1\r\n" },
        { "in braces, the first", "s: {a: 1, b: 2} # c\n", "s/a", "s: {b: 2} # c\n" },
        { "in braces, the last", "s: {a: 1, b: 2} # c\n", "s/b", "s: {a: 1} # c\n" },
        { "JSON, one member a line", "{\n  \"s\": {\n    \"a\": \"1\",\n    \"b\": \"2\"\n  }\n}\n", "s/b", "{\n  \"s\": {\n    \"a\": \"1\"\n  }\n}\n" },
        { "JSON, the only member", "{\"s\": {\"a\": \"1\"}}", "s/a", "{\"s\": {}}" },
    };

    [Theory, MemberData(nameof(Removals))]
    public void Only_what_is_removed_goes(string what, string before, string path, string after)
    {
        var manifest = Manifest.Read(Encoding.UTF8.GetBytes(before), before.StartsWith('{') ? "x.json" : "x.yaml");
        var edit = new ManifestEdit(manifest);
        edit.Remove(manifest.Objects.Single(), path.Split('/'));
        Assert.Equal(after, Encoding.UTF8.GetString(edit.Apply()));
        Assert.True(edit.LayoutKept, what);
    }

    [Theory]
    [InlineData("a: &x old\nb: *x\n", "a")]
    [InlineData("base: &b {k: old}\nspec:\n  <<: *b\n  z: 1\n", "spec/k")]
    public void Where_the_text_cannot_be_changed_safely_the_meaning_is_kept_and_the_layout_given_up(string before, string path)
    {
        var manifest = Manifest.Read(Encoding.UTF8.GetBytes(before), "x.yaml");
        var (edited, _) = Edit(before, path, "new");
        var read = Manifest.Read(Encoding.UTF8.GetBytes(edited), "x.yaml").Objects.Single().Node;
        var expected = manifest.Objects.Single().Node;
        var map = expected;
        foreach (var step in path.Split('/')[..^1]) map = map[step]!.AsObject();
        map[path.Split('/')[^1]] = "new";
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(expected, read), edited);
    }

    [Fact]
    public void Several_changes_in_several_documents_go_together()
    {
        const string Text = "---\na: 1 # one\n---\nitems:\n- b: 2 # two\n- c: 3\nkind: List\n";
        var manifest = Manifest.Read(Encoding.UTF8.GetBytes(Text), "x.yaml");
        var edit = new ManifestEdit(manifest);
        edit.Set(manifest.Objects[0], "x", "a");
        edit.Set(manifest.Objects[1], "y", "b");
        edit.Set(manifest.Objects[2], "z", "d", "e");
        edit.Set(manifest.Objects[2], "w", "d", "f");
        Assert.Equal("---\na: x # one\n---\nitems:\n- b: \"y\" # two\n- c: 3\n  d:\n    e: z\n    f: w\nkind: List\n", Encoding.UTF8.GetString(edit.Apply()));
        Assert.True(edit.LayoutKept);
    }

    private static (string Text, bool Kept) Edit(string before, string path, string value)
    {
        var manifest = Manifest.Read(Encoding.UTF8.GetBytes(before), before.TrimStart('\uFEFF').StartsWith('{') ? "x.json" : "x.yaml");
        var edit = new ManifestEdit(manifest);
        edit.Set(manifest.Objects.Single(), value, path.Split('/'));
        return (Encoding.UTF8.GetString(edit.Apply()), edit.LayoutKept);
    }
}
