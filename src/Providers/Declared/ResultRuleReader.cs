using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Reads what of an answer is the secret.</summary>
internal static class ResultRuleReader
{
    public static IReadOnlyList<ResultRule> ReadAll(DefinitionFields fields, string name) => [.. fields.List(name).Select(Read)];

    private static ResultRule Read(DefinitionFields fields)
    {
        var pairs = fields.Object("pairs");
        var certificate = fields.Object("certificate");
        var rule = new ResultRule
        {
            Condition = StepReader.ConditionOf(fields),
            Value = fields.Pattern("value"),
            IsBase64 = fields.Flag("base64"),
            IsWrapped = fields.Flag("wrapped"),
            PairName = pairs?.Need("name"),
            PairAlias = pairs?.Text("alias"),
            PairValue = pairs?.Need("value"),
            PairBytes = pairs?.Text("base64"),
            IsFirstJson = pairs?.Flag("firstIsJson") ?? false,
            HasEncodedMembers = fields.Flag("encodedMembers"),
            Certificate = certificate is null ? null : (certificate.Need("chain"), certificate.Need("key")),
            DefaultProperty = fields.Pattern("defaultProperty"),
            PropertyName = fields.Pattern("propertyName"),
            IsMissingWithoutProperty = fields.Flag("missingProperty"),
            IsProperty = fields.Flag("isProperty"),
            IsYaml = fields.Flag("yaml"),
            Order = OrderOf(fields),
            Within = ReadAll(fields, "within"),
            Extract = ReadAll(fields, "extract"),
        };
        var body = fields.Flag("body");
        if ((body ? 1 : 0) + (rule.Value is null ? 0 : 1) + (rule.Certificate is null ? 0 : 1) != 1) throw new DefinitionException($"{fields.Path} must have exactly one of value, body and certificate");
        pairs?.Done();
        certificate?.Done();
        fields.Done();
        return rule;
    }

    private static PropertyOrder OrderOf(DefinitionFields fields) => fields.Text("property") switch
    {
        null or "path" => PropertyOrder.Path,
        "exact" => PropertyOrder.ExactNameFirst,
        "dotted" => PropertyOrder.DottedNameFirst,
        _ => throw fields.Problem("property", "must be path, exact or dotted"),
    };
}
