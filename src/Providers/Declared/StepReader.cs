using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Reads the requests of a definition.</summary>
internal static class StepReader
{
    private static readonly string[] Bodies = ["json", "form", "text", "file"];
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    public static IReadOnlyList<StepRule> ReadAll(DefinitionFields fields, string name, string operation) => [.. fields.List(name).Select(step => Read(step, operation))];

    public static StepRule Read(DefinitionFields fields, string operation)
    {
        var step = ReadOpen(fields, operation);
        fields.Done();
        return step;
    }

    /// <summary>As <see cref="Read"/>, where the object has members of the caller's too.</summary>
    public static StepRule ReadOpen(DefinitionFields fields, string operation)
    {
        var methods = Methods.Where(fields.Has).ToList();
        if (methods.Count != 1) throw new DefinitionException($"{fields.Path} must have exactly one of {string.Join(", ", Methods)}, with a path");
        var path = fields.Pattern(methods[0])!;
        if (Bodies.Count(fields.Has) > 1) throw new DefinitionException($"{fields.Path} must have one body at most: {string.Join(", ", Bodies)}");
        return new StepRule
        {
            Operation = fields.Text("call") ?? operation,
            Method = new HttpMethod(methods[0].ToUpperInvariant()),
            Path = path,
            Server = fields.Pattern("server"),
            Query = fields.Patterns("query"),
            Headers = fields.Patterns("headers"),
            Json = fields.Has("json") ? JsonOf(fields.Node("json"), fields, "json") : null,
            Form = fields.Has("form") ? fields.Patterns("form") : null,
            Text = fields.Pattern("text"),
            File = FileBody.Read(fields),
            OnlyReads = fields.Flag("onlyReads"),
            Condition = ConditionOf(fields),
            Missing = [.. fields.List("missing").Select(MissingOf)],
            Decrypt = DecryptRule.Read(fields),
            Files = FilesRule.Read(fields),
            Seal = SealRule.Read(fields),
            GoesOn = fields.Flag("goesOn"),
            Failed = [.. fields.List("failed").Select(FailedOf)],
            Takes = fields.Object("take") is { } takes ? [.. takes.Names.Select(name => TakeOf(takes, name))] : [],
        };
    }

    public static ConditionRule ConditionOf(DefinitionFields fields) =>
        new(fields.Texts("when"), fields.Texts("unless"), fields.Map("is"), fields.Map("isNot"))
        {
            Fits = FormsOf(fields, "fits"),
            FitsNot = FormsOf(fields, "fitsNot"),
            In = ChoicesOf(fields, "in"),
            NotIn = ChoicesOf(fields, "notIn"),
        };

    /// <summary>A list of texts, or the name of a variable that is a list.</summary>
    private static Dictionary<string, Choice> ChoicesOf(DefinitionFields fields, string name) => fields.Object(name) is not { } map
        ? []
        : map.Names.ToDictionary(key => key, key => map.Node(key) is JsonArray ? new Choice(map.Texts(key), null) : new Choice(null, map.Need(key)), StringComparer.Ordinal);

    private static Dictionary<string, KeyPattern> FormsOf(DefinitionFields fields, string name) =>
        fields.Map(name).ToDictionary(pair => pair.Key, pair => fields.Parse(name, pair.Value, KeyPattern.Parse), StringComparer.Ordinal);

    private static MissingRule MissingOf(DefinitionFields fields)
    {
        var rule = new MissingRule(fields.Number("status") ?? 404, fields.Pattern("at"), fields.Pattern("is"), fields.Pattern("isNot"), fields.Flag("empty"));
        if (rule.Path is null && !fields.Flag("anyBody")) throw new DefinitionException($"{fields.Path} must say with \"at\" what only this store's answer has, or \"anyBody: true\" where any answer of this status means it");
        fields.Done();
        return rule;
    }

    private static FailedRule FailedOf(DefinitionFields fields)
    {
        var path = fields.Pattern("at") ?? throw fields.Problem("at", "is required");
        var rule = new FailedRule(new MissingRule(fields.Number("status") ?? 200, path, fields.Pattern("is"), fields.Pattern("isNot"), fields.Flag("empty")), fields.Text("say"));
        fields.Done();
        return rule;
    }

    private static TakeRule TakeOf(DefinitionFields takes, string name)
    {
        if (takes.Node(name) is not JsonObject) return new TakeRule(name) { Path = takes.Pattern(name) };
        var fields = takes.Object(name)!;
        var rule = new TakeRule(name)
        {
            Path = fields.Pattern("path"),
            Header = fields.Text("header"),
            Join = fields.Text("join"),
            Until = fields.Text("until"),
            IsOptional = fields.Flag("optional"),
            IsList = fields.Flag("list"),
            Each = fields.Text("each"),
            Shortest = fields.Text("shortest"),
            Sets = fields.Patterns("set"),
        };
        var body = fields.Flag("body");
        if ((rule.Path is not null ? 1 : 0) + (rule.Header is not null ? 1 : 0) + (body ? 1 : 0) != 1) throw new DefinitionException($"{fields.Path} must have exactly one of path, header, body");
        fields.Done();
        return rule;
    }

    private static JsonPart JsonOf(JsonNode? node, DefinitionFields fields, string name) => node switch
    {
        null => new JsonPart { Literal = "null" },
        JsonObject json => new JsonPart { Members = [.. json.Select(member => (fields.Parse(name, member.Key, TextPattern.Parse), JsonOf(member.Value, fields, $"{name}.{member.Key}")))] },
        JsonArray list => new JsonPart { Elements = [.. list.Select((item, position) => JsonOf(item, fields, $"{name}[{position}]"))] },
        _ when node.GetValueKind() == JsonValueKind.String => new JsonPart { Text = fields.Parse(name, node.GetValue<string>(), TextPattern.Parse) },
        _ => new JsonPart { Literal = node.ToJsonString() },
    };
}
