using GitOpsSecrets.Providers.Declared.Identity;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>A login with the identity of the controller's machine or pod.</summary>
/// <param name="With">The identity's parameters.</param>
internal sealed record IdentityRule(IMachineIdentity Identity, IReadOnlyList<NamedPattern> With)
{
    private static readonly Dictionary<string, IMachineIdentity> Schemes = new(StringComparer.Ordinal)
    {
        ["oracleInstance"] = new OracleInstance(),
        ["oracleWorkload"] = new OracleWorkload(),
        ["volcengineRole"] = new VolcengineRole(),
        ["yandexMachine"] = new YandexMachine(),
    };

    public IEnumerable<string> Names => With.SelectMany(parameter => parameter.Text.Names);

    public static IdentityRule? Read(DefinitionFields login)
    {
        if (login.Object("identity") is not { } fields) return null;
        if (!Schemes.TryGetValue(fields.Need("scheme"), out var identity)) throw fields.Problem("scheme", $"must be one of {string.Join(", ", Schemes.Keys)}");
        var rule = new IdentityRule(identity, fields.Patterns("with"));
        fields.Done();
        var names = rule.With.Select(parameter => parameter.Name).ToList();
        var missing = identity.Parameters.FirstOrDefault(name => !name.EndsWith('?') && !names.Contains(name));
        if (missing is not null) throw fields.Problem($"with.{missing}", "is required");
        var unknown = names.FirstOrDefault(name => !identity.Parameters.Contains(name) && !identity.Parameters.Contains(name + "?"));
        return unknown is null ? rule : throw fields.Problem($"with.{unknown}", $"is not known; there are {string.Join(", ", identity.Parameters)}");
    }

    /// <returns>When what it gave ends.</returns>
    /// <exception cref="ProviderException">There is no such identity here.</exception>
    public Task<DateTimeOffset> AskAsync(MachineSurroundings machine, Variables variables, CancellationToken cancellationToken)
    {
        if (machine.Variable is null) throw machine.Missing("it is shown to the stores that come with it only");
        var with = With.Where(parameter => parameter.Text.IsComplete(variables)).ToDictionary(parameter => parameter.Name, parameter => parameter.Text.Text(variables), StringComparer.Ordinal);
        return Identity.AskAsync(machine, with, variables, cancellationToken);
    }
}
