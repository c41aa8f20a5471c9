using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// Reads a definition (docs/providers/declared.md has the format), strictly: an unknown member, a variable that nothing gives and a brace that
/// is not closed are mistakes, told with the file and the field, before any store uses it.
/// </summary>
internal static class DefinitionReader
{
    private static readonly YamlLimits Limits = new(256 * 1024, 32, 20_000);

    /// <param name="file">For messages.</param>
    /// <exception cref="DefinitionException">It is none.</exception>
    public static Definition Read(string file, string text)
    {
        JsonNode? root;
        try
        {
            root = YamlReader.Read(text, Limits);
        }
        catch (YamlFormatException failure)
        {
            throw new DefinitionException($"{file}: {failure.Message}");
        }

        var fields = DefinitionFields.Of(root, file);
        var definition = Read(fields);
        fields.Done();
        DefinitionNames.Check(definition, file);
        return definition;
    }

    private static Definition Read(DefinitionFields fields)
    {
        var name = fields.Need("name");
        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')) throw fields.Problem("name", "must be made of letters, digits and dashes");
        var definition = new Definition
        {
            Name = name,
            Title = fields.Text("title") ?? name,
            Server = fields.Pattern("server") ?? throw fields.Problem("server", "is required"),
            ServerVariable = fields.Text("serverVariable"),
            Inputs = InputRuleReader.ReadAll(fields),
            Headers = fields.Patterns("headers"),
            Signature = SignatureRule.Read(fields),
            Logins = [.. fields.List("login").Select(LoginOf)],
            Reads = [.. fields.List("read").Select(AttemptOf)],
            Finds = [.. fields.List("find").Select(FindOf)],
            Push = fields.Object("push") is { } push ? PushRuleReader.Read(push) : null,
            Validate = StepReader.ReadAll(fields, "validate", "Validate"),
            Authority = fields.Text("authority"),
            AuthorityAt = fields.Text("authorityAt"),
            Unsupported = fields.Map("unsupported"),
            Reason = fields.Text("reason"),
            Timeout = fields.Text("timeout"),
            ClientCertificate = fields.Object("clientCertificate") is { } certificate ? CertificateOf(certificate) : null,
            KeySeparator = fields.Text("keySeparator"),
            KeyHint = fields.Text("keyHint"),
        };
        return definition.Reads.Count > 0 || definition.Push is not null ? definition : throw fields.Problem("read", "is required, or push");
    }

    private static (string Certificate, string Key) CertificateOf(DefinitionFields fields)
    {
        var pair = (fields.Need("certificate"), fields.Need("key"));
        fields.Done();
        return pair;
    }

    private static LoginRule LoginOf(DefinitionFields fields)
    {
        var lifetime = fields.Object("lifetime");
        var rule = new LoginRule(
            StepReader.ConditionOf(fields),
            AssertionRule.Read(fields),
            IdentityRule.Read(fields),
            StepReader.ReadAll(fields, "steps", "Login"),
            fields.Patterns("give"),
            StepReader.ReadAll(fields, "end", "Logout"),
            lifetime?.Text("path"),
            lifetime?.Number("seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
        { Refusal = fields.Text("refuse") };
        lifetime?.Done();
        fields.Done();
        return rule.CanBeRepeated || rule.Gives.Count > 0 || rule.Refusal is not null ? rule : throw fields.Problem("steps", "is required, or give, identity or refuse");
    }

    private static AttemptRule AttemptOf(DefinitionFields fields)
    {
        var key = fields.Text("key") is { } text ? fields.Parse("key", text, KeyPattern.Parse) : null;
        var property = fields.Text("property") is { } form ? fields.Parse("property", form, KeyPattern.Parse) : null;
        var rule = new AttemptRule(
            StepReader.ConditionOf(fields),
            key,
            property,
            StepReader.ReadAll(fields, "before", "List"),
            EachRule.Read(fields),
            fields.Text("collect"),
            StepReader.ReadAll(fields, "steps", "Get"),
            StepReader.ReadAll(fields, "after", "Release"),
            ResultRuleReader.ReadAll(fields, "result"))
        {
            IsOnly = fields.Flag("only"),
            Gives = fields.Patterns("give"),
        };
        fields.Done();
        if (rule.Results.Count == 0) throw fields.Problem("result", "is required");
        return rule.Steps.Count > 0 ? rule : throw fields.Problem("steps", "is required");
    }

    private static FindRule FindOf(DefinitionFields fields)
    {
        var list = fields.Object("list") ?? throw fields.Problem("list", "is required");
        var keep = fields.Object("keep");
        var yields = fields.Object("yields");
        var members = fields.Object("members");
        var rule = new FindRule(StepReader.ConditionOf(fields), EachRule.Read(fields), StepReader.ReadAll(fields, "steps", "List"), StepReader.ReadOpen(list, "List"))
        {
            Before = StepReader.ReadAll(fields, "before", "List"),
            Items = list.Text("items"),
            Name = fields.Text("name"),
            Strip = fields.Pattern("strip"),
            BodyAs = fields.Text("bodyAs"),
            Value = fields.Text("value"),
            IsBase64 = fields.Flag("base64"),
            Key = fields.Pattern("fetch"),
            Members = members is null ? null : MembersOf(members),
            IsTree = fields.Flag("tree"),
            Tags = fields.Text("tags"),
            TagsAreValues = fields.Flag("tagsAreValues"),
            AnyTag = fields.Flag("anyTag"),
            Matched = fields.Text("matched"),
            FoundAs = fields.Pattern("foundAs"),
            TagNames = fields.Texts("tagNames"),
            KeepPath = keep?.Need("path"),
            KeepValues = keep is null ? [] : [.. keep.Texts("in").Select(text => keep.Parse("in", text, TextPattern.Parse))],
            YieldPath = yields?.Need("path"),
            YieldValues = yields?.Texts("is") ?? [],
            YieldsToAll = yields?.Flag("all") ?? false,
            Paging = fields.Object("paging") is { } paging ? PagingOf(paging) : null,
            PathIsPrefix = fields.Flag("pathIsPrefix"),
            PathIsFolder = fields.Flag("pathIsFolder"),
            PathAt = fields.Text("pathAt"),
        };
        list.Done();
        keep?.Done();
        yields?.Done();
        fields.Done();
        if ((rule.Items is null) == (rule.BodyAs is null)) throw new DefinitionException($"{fields.Path} must have exactly one of list.items and bodyAs");
        object?[] ways = [rule.Value, rule.Key, rule.Members];
        if (rule.Name is not null && ways.Count(way => way is not null) != 1) throw new DefinitionException($"{fields.Path} must have exactly one of value, fetch and members");
        return rule;
    }

    private static MembersRule MembersOf(DefinitionFields fields)
    {
        var rule = new MembersRule(StepReader.ReadAll(fields, "steps", "Get"), ResultRuleReader.ReadAll(fields, "result"), fields.Flag("under"), fields.Text("tags"))
        {
            Files = MemberFiles.Read(fields),
        };
        fields.Done();
        return rule.Results.Count > 0 ? rule : throw fields.Problem("result", "is required");
    }

    private static PagingRule PagingOf(DefinitionFields fields)
    {
        var size = fields.Number("size") ?? 0;
        var header = fields.Text("cursorHeader");
        var rule = (fields.Number("pages"), fields.Number("offset"), fields.Text("cursor") ?? header) switch
        {
            ({ } first, null, null) => new PagingRule("page", first, 1, size, null),
            (null, { } first, null) when size > 0 => new PagingRule("offset", first, size, size, null),
            (null, null, { } next) => new PagingRule("cursor", null, 0, 0, next, header is not null),
            _ => throw new DefinitionException(string.Create(CultureInfo.InvariantCulture, $"{fields.Path} must have exactly one of pages (the first number), offset (with size), cursor (a path) and cursorHeader")),
        };
        fields.Done();
        return rule;
    }
}
