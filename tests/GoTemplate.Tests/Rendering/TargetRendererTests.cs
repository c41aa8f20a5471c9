using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.GoTemplate.Tests.Rendering;

public sealed class TargetRendererTests
{
    private static readonly Dictionary<string, byte[]> Values = new() { ["user"] = "app"u8.ToArray(), ["password"] = "s3cr3t"u8.ToArray() };

    private readonly TargetRenderer _renderer = new(new TargetRendererOptions { Execution = Patience.Options });
    private readonly Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> _resources = [];

    [Fact]
    public void A_template_without_data_keeps_the_fetched_values()
    {
        using var rendered = Render(new ExternalSecretTemplate { Type = "kubernetes.io/basic-auth" });
        Assert.Equal("kubernetes.io/basic-auth", rendered.Type);
        Assert.Equal("password=s3cr3t user=app", Shown(rendered));
    }

    [Fact]
    public void Rendered_data_replaces_the_fetched_values()
    {
        using var rendered = Render(new ExternalSecretTemplate { Data = Map("url", "db://{{ .user }}:{{ .password }}@host") });
        Assert.Equal("url=db://app:s3cr3t@host", Shown(rendered));
    }

    [Fact]
    public void Merge_keeps_the_fetched_values_beside_the_rendered_ones()
    {
        using var rendered = Render(new ExternalSecretTemplate { MergePolicy = ExternalSecretTemplate.Merge, Data = Map("user", "{{ .user | upper }}") });
        Assert.Equal("password=s3cr3t user=APP", Shown(rendered));
    }

    [Fact]
    public void Metadata_alone_leaves_the_values_and_is_rendered()
    {
        using var rendered = Render(new ExternalSecretTemplate { Metadata = new TemplateMetadata { Labels = Map("who", "{{ .user }}"), Annotations = Map("len", "{{ len .password }}"), Finalizers = ["example.com/{{ x }}"] } });
        Assert.Equal("password=s3cr3t user=app", Shown(rendered));
        Assert.Equal("app", rendered.Labels["who"]);
        Assert.Equal("6", rendered.Annotations["len"]);
        Assert.Equal(["example.com/{{ x }}"], rendered.Finalizers);
    }

    [Fact]
    public void Later_wins_configMap_then_secret_then_literal_then_the_next_entry_then_data()
    {
        Put(TemplateResourceKind.ConfigMap, "texts", ("all", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1"));
        Put(TemplateResourceKind.Secret, "texts", ("all", "b: 2\nc: 2\nd: 2\ne: 2"));
        using var rendered = Render(new ExternalSecretTemplate
        {
            TemplateFrom =
            [
                new TemplateFrom { Literal = "c: 3\nd: 3\ne: 3", Secret = Whole("texts"), ConfigMap = Whole("texts") },
                new TemplateFrom { Literal = "d: 4\ne: 4" },
            ],
            Data = Map("e", "5"),
        });
        Assert.Equal("a=1 b=2 c=3 d=4 e=5", Shown(rendered));
    }

    [Fact]
    public void An_item_as_Values_lands_under_its_own_key()
    {
        Put(TemplateResourceKind.ConfigMap, "texts", ("conf.ini", "user={{ .user }}"));
        using var rendered = Render(new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { ConfigMap = new TemplateSource { Name = "texts", Items = [new TemplateItem { Key = "conf.ini", TemplateAs = "Values" }] } }] });
        Assert.Equal("conf.ini=user=app", Shown(rendered));
    }

    [Fact]
    public void TemplateFrom_may_aim_at_labels_and_annotations_in_any_case()
    {
        using var rendered = Render(new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "a: '{{ .user }}'", Target = "labels" }, new TemplateFrom { Literal = "b: yes", Target = "ANNOTATIONS" }] });
        Assert.Equal("app", rendered.Labels["a"]);
        Assert.Equal("true", rendered.Annotations["b"]);
        Assert.Empty(rendered.Data);
    }

    [Theory]
    [InlineData("None", "{{ .user | b64enc }}", "YXBw")]
    [InlineData("Base64", "{{ .user | b64enc }}", "app")]
    [InlineData("Base64URL", "_w==", "\ufffd")]
    [InlineData("Auto", "no base64!", "no base64!")]
    public void A_decoding_strategy_is_for_rendered_values(string strategy, string template, string expected)
    {
        using var rendered = Render(new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = $"a: {template}", ValuesDecodingStrategy = strategy }] });
        Assert.Equal($"a={expected}", Shown(rendered));
    }

    [Fact]
    public void Binary_values_pass_through_untouched()
    {
        byte[] binary = [0, 0xff, 0x80, (byte)'\n'];
        using var rendered = _renderer.Render(new ExternalSecretTemplate { Data = Map("copy", "{{ .blob }}") }, new Dictionary<string, byte[]> { ["blob"] = binary }, _resources, TestContext.Current.CancellationToken);
        Assert.Equal(binary, rendered.Data["copy"]);
    }

    [Fact]
    public void Delimiters_are_the_processs()
    {
        var renderer = new TargetRenderer(new TargetRendererOptions { LeftDelimiter = "[[", RightDelimiter = "]]", Execution = Patience.Options });
        using var rendered = renderer.Render(new ExternalSecretTemplate { Data = Map("a", "[[ .user ]] {{ .user }}") }, Values, _resources, TestContext.Current.CancellationToken);
        Assert.Equal("a=app {{ .user }}", Shown(rendered));
    }

    [Fact]
    public void What_is_rendered_is_a_copy_and_gone_when_disposed()
    {
        var rendered = Render(new ExternalSecretTemplate { MergePolicy = ExternalSecretTemplate.Merge, Data = Map("a", "{{ .password }}") });
        var held = rendered.Data.Values.ToList();
        rendered.Dispose();
        Assert.All(held, value => Assert.All(value, b => Assert.Equal(0, b)));
        Assert.Equal("s3cr3t"u8, Values["password"]);
    }

    [Fact]
    public void The_resources_to_read_are_named_once_each()
    {
        var template = new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { ConfigMap = Whole("a"), Secret = Whole("a") }, new TemplateFrom { ConfigMap = Whole("a") }, new TemplateFrom { Literal = "" }] };
        Assert.Equal(["configMap a", "secret a"], TemplateRules.Resources(template).Select(resource => resource.ToString()));
    }

    public static TheoryData<string, ExternalSecretTemplate, TargetTemplateFault, string> Failures => new()
    {
        { "engine", new ExternalSecretTemplate { EngineVersion = "v1" }, TargetTemplateFault.Refused, "template.engineVersion=\"v1\" is not supported, only \"v2\" is" },
        { "bootstrap token", new ExternalSecretTemplate { Type = "bootstrap.kubernetes.io/token" }, TargetTemplateFault.Refused, "template.type=\"bootstrap.kubernetes.io/token\" is not allowed" },
        {
            "account token", new ExternalSecretTemplate { Type = "kubernetes.io/service-account-token", Metadata = new TemplateMetadata { Annotations = Map("kubernetes.io/service-account.name", "admin") } }, TargetTemplateFault.Refused,
            "template.type=\"kubernetes.io/service-account-token\" with annotation \"kubernetes.io/service-account.name\" is not allowed"
        },
        {
            "account token by annotations", new ExternalSecretTemplate { Type = "kubernetes.io/service-account-token", TemplateFrom = [new TemplateFrom { Literal = "", Target = "annotations" }] }, TargetTemplateFault.Refused,
            "template.type=\"kubernetes.io/service-account-token\" with templateFrom target=\"Annotations\" is not allowed"
        },
        {
            "target", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "", Target = "metadata.ownerReferences" }] }, TargetTemplateFault.Refused,
            "templateFrom target=\"metadata.ownerReferences\" is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\""
        },
        { "configMap", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { ConfigMap = Whole("none") }] }, TargetTemplateFault.ResourceMissing, "template.templateFrom[0].configMap \"none\": not found" },
        { "key", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Secret = Whole("empty") }] }, TargetTemplateFault.ResourceMissing, "template.templateFrom[0].secret \"empty\": missing key all" },
        {
            "missing key", new ExternalSecretTemplate { Data = Map("a", "x\n{{ .nope }}") }, TargetTemplateFault.TemplateFailed,
            "template.data \"a\": template: a:2:3: executing \"a\" at <.nope>: map has no entry for key \"nope\""
        },
        { "parsing", new ExternalSecretTemplate { Metadata = new TemplateMetadata { Labels = Map("a", "{{ if }}") } }, TargetTemplateFault.TemplateFailed, "template.metadata.labels \"a\": template: a:1: missing value for if" },
        {
            "a value in the message", new ExternalSecretTemplate { Data = Map("a", "{{ fail .password }}") }, TargetTemplateFault.TemplateFailed,
            "template.data \"a\": template: a:1:3: executing \"a\" at <fail .password>: error calling fail (the reason is withheld, as it may quote a value)"
        },
        {
            "a value that is ranged over", new ExternalSecretTemplate { Data = Map("a", "{{ range .password }}{{ end }}") }, TargetTemplateFault.TemplateFailed,
            "template.data \"a\": template: a:1:9: executing \"a\" at <.password>: range can't iterate over its value (the reason is withheld, as it may quote a value)"
        },
        {
            "a value that is called", new ExternalSecretTemplate { Data = Map("a", "{{ .password | call }}") }, TargetTemplateFault.TemplateFailed,
            "template.data \"a\": template: a:1:15: executing \"a\" at <call>: error calling call (the reason is withheld, as it may quote a value)"
        },
        { "no YAML", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "a: *{{ .password }}" }] }, TargetTemplateFault.ResultUnusable, "template.templateFrom[0].literal: could not unmarshal template to 'map[string][]byte': what it rendered is no YAML" },
        {
            "no map", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "- {{ .password }}" }] }, TargetTemplateFault.ResultUnusable,
            "template.templateFrom[0].literal: could not unmarshal template to 'map[string][]byte': error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]string"
        },
        { "a key out of a value", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "'{{ .password }} !': a" }] }, TargetTemplateFault.ResultUnusable, "template.templateFrom[0].literal: the rendered map has a bad key; no Secret can have such a key" },
        { "a key", new ExternalSecretTemplate { Data = Map("a/b", "") }, TargetTemplateFault.ResultUnusable, "template.data \"a/b\": no Secret can have such a key" },
        {
            "decoding", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "'{{ .password }}': '{{ .password }}'", ValuesDecodingStrategy = "Base64" }] }, TargetTemplateFault.ResultUnusable,
            "template.templateFrom[0].literal: failed to decode rendered template value: illegal base64 data at input byte 4"
        },
        {
            "templates out of a Secret", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Secret = Whole("broken") }] }, TargetTemplateFault.TemplateFailed,
            "template.templateFrom[0].secret \"broken\" key \"all\": the template fails in line 1 (the reason is withheld, as the template is a Secret's)"
        },
        { "templateAs", new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Secret = new TemplateSource { Name = "empty", Items = [new TemplateItem { Key = "x", TemplateAs = "Lines" }] } }] }, TargetTemplateFault.ResourceMissing, "template.templateFrom[0].secret \"empty\": missing key x" },
        { "output", new ExternalSecretTemplate { Data = Map("a", "{{ repeat 900000 \"aaa\" }}", "b", "{{ repeat 900000 \"bbb\" }}") }, TargetTemplateFault.TemplateFailed, "template.data \"b\": the templates together have output larger than 4194304 bytes" },
    };

    [Theory, MemberData(nameof(Failures))]
    public void A_failure_names_its_entry_and_publishes_no_value(string what, ExternalSecretTemplate template, TargetTemplateFault fault, string expected)
    {
        Put(TemplateResourceKind.Secret, "empty");
        Put(TemplateResourceKind.Secret, "broken", ("all", "{{ s3cr3t }}"));
        var failure = Assert.Throws<TargetTemplateException>(() => Render(template));
        Assert.Equal((what, fault), (what, failure.Fault));
        Assert.StartsWith(expected, failure.PublicMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", failure.PublicMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_can_be_shown_in_its_template()
    {
        var failure = Assert.Throws<TargetTemplateException>(() => Render(new ExternalSecretTemplate { TemplateFrom = [new TemplateFrom { Literal = "a: 1\nb: {{ .nope }}" }] }));
        Assert.Equal("a: 1\nb: {{ .nope }}", failure.TemplateText);
        Assert.Equal((2, 6), (failure.Failure!.Line, failure.Failure.Column));
        Assert.Equal("template.templateFrom[0].literal", failure.Place);
    }

    [Fact]
    public void Without_a_template_a_Secret_inherits_metadata_but_for_the_marks_of_tools()
    {
        using var rendered = TargetRenderer.WithoutTemplate(
            Values,
            Map("team", "a", "kustomize.toolkit.fluxcd.io/name", "apps"),
            Map("note", "b", "kubectl.kubernetes.io/last-applied-configuration", "{}", "argocd.argoproj.io/tracking-id", "x"));
        Assert.Equal("password=s3cr3t user=app", Shown(rendered));
        Assert.Equal(["team"], rendered.Labels.Keys);
        Assert.Equal(["note"], rendered.Annotations.Keys);
    }

    private RenderedTarget Render(ExternalSecretTemplate template) => _renderer.Render(template, Values, _resources, TestContext.Current.CancellationToken);

    private void Put(TemplateResourceKind kind, string name, params (string Key, string Text)[] texts) =>
        _resources[new TemplateResource(kind, name)] = texts.ToDictionary(text => text.Key, text => Encoding.UTF8.GetBytes(text.Text));

    private static TemplateSource Whole(string name) => new() { Name = name, Items = [new TemplateItem { Key = "all", TemplateAs = "KeysAndValues" }] };

    private static SortedDictionary<string, string> Map(params string[] pairs) => new(pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]), StringComparer.Ordinal);

    private static string Shown(RenderedTarget rendered) => string.Join(' ', rendered.Data.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value)}"));
}
