using GitOpsSecrets.Providers.Declared.Signing;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>How the requests of a definition are signed.</summary>
/// <param name="With">The signature's parameters.</param>
internal sealed record SignatureRule(IRequestSignature Signature, IReadOnlyList<NamedPattern> With)
{
    private static readonly Dictionary<string, IRequestSignature> Schemes = new(StringComparer.Ordinal)
    {
        ["chef"] = new ChefSignature(),
        ["oracle"] = new OracleSignature(),
        ["volcengine"] = new VolcengineSignature(),
    };

    public static SignatureRule? Read(DefinitionFields definition)
    {
        if (definition.Object("signature") is not { } fields) return null;
        if (!Schemes.TryGetValue(fields.Need("scheme"), out var signature)) throw fields.Problem("scheme", $"must be one of {string.Join(", ", Schemes.Keys)}");
        var rule = new SignatureRule(signature, fields.Patterns("with"));
        fields.Done();
        var names = rule.With.Select(parameter => parameter.Name).ToList();
        var missing = signature.Parameters.FirstOrDefault(name => !name.EndsWith('?') && !names.Contains(name));
        if (missing is not null) throw fields.Problem($"with.{missing}", "is required");
        var unknown = names.FirstOrDefault(name => !signature.Parameters.Contains(name) && !signature.Parameters.Contains(name + "?"));
        return unknown is null ? rule : throw fields.Problem($"with.{unknown}", $"is not known; there are {string.Join(", ", signature.Parameters)}");
    }

    public void Apply(HttpRequestMessage request, byte[]? body, Variables variables, DateTimeOffset now) =>
        Signature.Sign(request, body, With.Where(parameter => parameter.Text.IsComplete(variables)).ToDictionary(parameter => parameter.Name, parameter => parameter.Text.Text(variables), StringComparer.Ordinal), now);
}
