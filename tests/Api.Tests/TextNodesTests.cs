using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api.Tests;

public sealed class TextNodesTests
{
    public static TheoryData<string> Texts => ["", "plain", "\"quoted\" \\ and /", "line\nbreak\ttab\0", "ünïcödé \u2028 \U0001F511", "<&>'+"];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_the_same_text_again_however_it_was_made(string text)
    {
        Assert.Equal(text, TextNodes.Of(text).AsText());
        Assert.Equal(text, TextNodes.Of(text).GetValue<string>());
        Assert.Equal(text, JsonValue.Create(text).AsText());
        Assert.Equal(text, JsonNode.Parse(JsonSerializer.Serialize(text)).AsText());
        Assert.Equal(text, JsonSerializer.Deserialize<JsonNode>(JsonSerializer.Serialize(text)).AsText());
        Assert.True(JsonNode.DeepEquals(JsonValue.Create(text), TextNodes.Of(text)));
        Assert.Equal(JsonValue.Create(text).ToJsonString(), TextNodes.Of(text).ToJsonString());
        Assert.Equal(text, TextNodes.Of(text).DeepClone().AsText());
    }

    [Fact]
    public void What_is_no_text_is_none()
    {
        foreach (var node in new JsonNode?[] { null, 1, true, 1.5, new JsonObject(), new JsonArray("a") }) Assert.Null(node.AsText());
    }
}
