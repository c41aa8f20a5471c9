namespace GitOpsSecrets.Providers.Declared;

/// <summary>Reads how a definition's store is written.</summary>
internal static class PushRuleReader
{
    private static readonly Dictionary<string, PushForm> Forms = new(StringComparer.Ordinal)
    {
        ["text"] = PushForm.Text,
        ["property"] = PushForm.Property,
        ["members"] = PushForm.Members,
        ["object"] = PushForm.Object,
    };

    public static PushRule Read(DefinitionFields fields)
    {
        var current = fields.Object("current");
        var rule = new PushRule
        {
            Form = FormOf(fields),
            IsText = fields.Flag("textOnly"),
            Metadata = fields.Map("metadata").ToDictionary(pair => PushRule.MetadataPrefix + pair.Key, pair => pair.Value, StringComparer.Ordinal),
            Properties = fields.Has("properties") ? fields.Texts("properties") : null,
            Lookups = LookupsOf(fields),
            Current = current?.Pattern("value"),
            IsBase64 = current?.Flag("base64") ?? false,
            CurrentWith = current?.Map("with") ?? new Dictionary<string, string>(),
            Checksum = fields.Object("checksum") is { } checksum ? ChecksumOf(checksum) : null,
            Present = fields.Text("present"),
            Own = fields.Text("own"),
            MustExist = fields.Text("mustExist"),
            Otherwise = fields.Text("otherwise"),
            Create = StepReader.ReadAll(fields, "create", "Create"),
            Update = StepReader.ReadAll(fields, "update", "Update"),
            Delete = StepReader.ReadAll(fields, "delete", "Delete"),
        };
        current?.Done();
        fields.Done();
        if (rule.Lookups.Count == 0) throw fields.Problem("lookup", "is required, or lookups");
        if ((rule.Create.Count == 0) == (rule.MustExist is null)) throw fields.Problem("create", "is required, or mustExist");
        if (rule.Update.Count == 0) throw fields.Problem("update", "is required");
        if (rule.Delete.Count == 0) throw fields.Problem("delete", "is required");
        return rule.Form is not (PushForm.Property or PushForm.Members) || rule.Current is not null ? rule : throw fields.Problem("current", "is required where a property goes into what is there");
    }

    private static ChecksumRule ChecksumOf(DefinitionFields fields)
    {
        var rule = new ChecksumRule(fields.Need("in"), fields.Need("as"));
        fields.Done();
        return rule;
    }

    private static PushForm FormOf(DefinitionFields fields)
    {
        if (fields.Text("as") is not { } name) return PushForm.Text;
        return Forms.TryGetValue(name, out var form) ? form : throw fields.Problem("as", $"must be one of {string.Join(", ", Forms.Keys)}");
    }

    /// <summary>Where there is one way only, its steps may stand in the rule itself.</summary>
    private static List<LookupRule> LookupsOf(DefinitionFields fields)
    {
        if (!fields.Has("lookup")) return [.. fields.List("lookups").Select(LookupOf)];
        if (fields.Has("lookups")) throw fields.Problem("lookup", "and lookups are two ways to say one thing");
        return [new LookupRule(ConditionRule.None, KeyOf(fields), [], [], null, false, false, StepReader.ReadAll(fields, "lookup", "Get"))];
    }

    private static LookupRule LookupOf(DefinitionFields fields)
    {
        var rule = new LookupRule(
            StepReader.ConditionOf(fields),
            KeyOf(fields),
            fields.Patterns("give"),
            StepReader.ReadAll(fields, "before", "List"),
            EachRule.Read(fields),
            fields.Flag("goesOn"),
            fields.Flag("only"),
            StepReader.ReadAll(fields, "steps", "Get"));
        fields.Done();
        return rule.Steps.Count > 0 ? rule : throw fields.Problem("steps", "is required");
    }

    private static KeyPattern? KeyOf(DefinitionFields fields) => fields.Text("key") is { } text ? fields.Parse("key", text, KeyPattern.Parse) : null;
}
