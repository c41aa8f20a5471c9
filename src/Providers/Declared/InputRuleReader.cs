using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Reads the inputs of a definition.</summary>
internal static class InputRuleReader
{
    private static readonly Dictionary<string, InputKind> Kinds = new(StringComparer.Ordinal)
    {
        ["field"] = InputKind.Field,
        ["secret"] = InputKind.Secret,
        ["either"] = InputKind.Either,
        ["serviceAccount"] = InputKind.ServiceAccount,
        ["list"] = InputKind.List,
        ["ordered"] = InputKind.Ordered,
    };

    public static IReadOnlyList<InputRule> ReadAll(DefinitionFields definition) =>
        definition.Object("inputs") is { } inputs ? [.. inputs.Names.Select(name => Read(inputs, name))] : [];

    private static InputRule Read(DefinitionFields inputs, string name)
    {
        if (!name.All(char.IsAsciiLetterOrDigit) || name is "page" or "offset" or "cursor") throw inputs.Problem(name, "is no name for an input: letters and digits, and not page, offset or cursor");
        // The field of the same name, and nothing to say about it.
        if (inputs.Node(name) is JsonValue) return new InputRule(name, InputKind.Field, inputs.Need(name));
        var fields = inputs.Object(name) ?? throw inputs.Problem(name, "must say which field it is");
        var kinds = Kinds.Keys.Where(fields.Has).ToList();
        if (kinds.Count != 1) throw new DefinitionException($"{fields.Path} must have exactly one of {string.Join(", ", Kinds.Keys)}, with the field's path");
        var rule = new InputRule(name, Kinds[kinds[0]], fields.Need(kinds[0]))
        {
            IsRequired = fields.Flag("required"),
            Default = fields.Text("default"),
            Without = fields.Text("without"),
            DefaultKey = fields.Text("defaultKey"),
            Key = fields.Text("key"),
            Parts = fields.Map("parts"),
            IsUpper = fields.Flag("upper"),
            Allowed = fields.Texts("allowed"),
            Audiences = fields.Texts("audiences"),
            Seconds = fields.Number("seconds") ?? 600,
            LifetimeField = fields.Text("lifetime"),
        };
        fields.Done();
        return rule;
    }
}
