using System.Text;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Tests.Secrets;

public sealed class SecretTemplateTests
{
    private static readonly Dictionary<string, byte[]> Items = new() { ["password"] = Encoding.UTF8.GetBytes("hunter2") };

    private readonly SecretTemplate templates = new(TimeProvider.System);

    [Fact]
    public void A_template_sees_the_items() =>
        Assert.Equal("p=hunter2 aHVudGVyMg== <no value>", Encoding.UTF8.GetString(templates.Render("t", "p={{ .password }} {{ .password | b64enc }} {{ .absent }}", Items).Output!));

    [Theory]
    [InlineData("{{ fail .password }}")]
    [InlineData("{{ atoi .password | div 1 }}")]
    [InlineData("{{ range .password }}{{ end }}")]
    [InlineData("{{ index .password \"x\" }}")]
    [InlineData("{{ .password.field }}")]
    [InlineData("{{ mustFromJson .password }}")]
    public void A_failed_template_never_quotes_a_value(string template)
    {
        var rendering = templates.Render("t", template, Items);
        Assert.DoesNotContain("hunter2", rendering.Error ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_template_names_its_place_and_function() =>
        Assert.StartsWith("template: t:1:3: executing \"t\" at <fail .password>: error calling fail", templates.Render("t", "{{ fail .password }}", Items).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ env \"HOME\" }}", "template: t:1: function \"env\" not defined")]
    [InlineData("{{ .a", "template: t:1: unclosed action")]
    public void A_template_that_does_not_parse_is_told_in_the_words_of_go(string template, string error) =>
        Assert.Equal(error, templates.Render("t", template, Items).Error);
}
