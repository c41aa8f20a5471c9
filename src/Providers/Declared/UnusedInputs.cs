using System.Text.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Fields of a store of a definition that have no effect beside its others: those of ways to log in that are not gone, and of authorities that do not count.</summary>
/// <param name="root">Where the store's fields are, such as <c>spec.provider.doppler</c>.</param>
internal sealed class UnusedInputs(Definition definition, string root, JsonElement options)
{
    public IEnumerable<string> Paths() =>
    [
        .. definition.Authority is null ? Authorities() : [],
        .. Whole().Select(field => $"{root}.{field}"),
        .. definition.Inputs.SelectMany(Parts),
    ];

    private IEnumerable<string> Authorities() => UnusedOptions.Besides(((string?[])[definition.AuthorityAt, null]).Distinct().SelectMany(place => ((string[])["caBundle", "caProvider"]).Select(field =>
    {
        var path = place is null ? field : $"{place}.{field}";
        return ($"{root}.{path}", (object?)StoreFields.TextOrObject(options, path));
    })));

    /// <summary>Whether it is there for logins, and nothing would be different without it.</summary>
    private bool IsForNothing(InputRule input)
    {
        if (!definition.Logins.SelectMany(Needed).Any(Is) || Elsewhere().Any(Is)) return false;
        using var known = InputRules.Known(definition, options);
        using var without = InputRules.Known(definition, options, input);
        var ways = Ways(known);
        return ways.SequenceEqual(Ways(without)) && !ways.SelectMany(Needed).Any(Is);

        bool Is(string name) => name == input.Name || input.Parts.ContainsKey(name);
    }

    /// <summary>The first whose condition holds, and those before it for which a Secret may decide.</summary>
    private List<LoginRule> Ways(Variables known)
    {
        var ways = new List<LoginRule>();
        foreach (var login in definition.Logins)
        {
            if (login.Condition.Holds(known)) return [.. ways, login];
            if (login.Condition.When.All(known.Has) && !login.Condition.Unless.Any(known.Has) && login.Condition.Names.Any(IsHidden)) ways.Add(login);
        }
        return ways;
    }

    private bool IsHidden(string name) => definition.Inputs.Any(input => input.Name == name && input.Kind is InputKind.Secret or InputKind.Either);

    /// <summary>What a way takes, and not what it is only chosen by.</summary>
    private static IEnumerable<string> Needed(LoginRule login) =>
        [.. login.Condition.When, .. login.Assertion?.Names ?? [], .. login.Identity?.Names ?? [], .. login.Steps.SelectMany(step => step.Names), .. login.Gives.SelectMany(given => given.Text.Names)];

    private IEnumerable<string> Elsewhere() =>
    [
        .. definition.Server.Names, .. definition.Headers.SelectMany(header => header.Text.Names), .. definition.Signature?.With.SelectMany(parameter => parameter.Text.Names) ?? [],
        .. definition.Reads.SelectMany(read => read.Names), .. definition.Finds.SelectMany(find => find.Names), .. definition.Push?.Names ?? [], .. definition.Validate.SelectMany(step => step.Names),
        .. definition.ClientCertificate is { } pair ? (string[])[pair.Certificate, pair.Key] : [],
    ];

    /// <summary>Objects in place of fields, where nothing in them has an effect.</summary>
    private IEnumerable<string> Whole()
    {
        var there = definition.Inputs.Where(input => InputRules.IsThere(input, options)).ToList();
        var used = there.Where(input => !IsForNothing(input)).Select(input => input.Field).ToHashSet(StringComparer.Ordinal);
        return there.Where(input => !used.Contains(input.Field)).Select(input => Starts(input.Field).First(start => !used.Any(other => other == start || other.StartsWith(start + ".", StringComparison.Ordinal)))).Distinct();
    }

    /// <summary>Of <c>a.b.c</c>: <c>a</c>, <c>a.b</c>, <c>a.b.c</c>.</summary>
    private static IEnumerable<string> Starts(string field)
    {
        for (var dot = field.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = field.IndexOf('.', dot + 1)) yield return field[..dot];
        yield return field;
    }

    private IEnumerable<string> Parts(InputRule input) => input switch
    {
        { Kind: InputKind.Either } => UnusedOptions.Besides(($"{root}.{input.Field}.value", StoreFields.Text(options, input.Field + ".value")), ($"{root}.{input.Field}.secretRef", StoreFields.Secret(options, input.Field + ".secretRef"))),
        { Kind: InputKind.Secret, Key: { } key } => StoreFields.Secret(options, input.Field)?.Key is { Length: > 0 } named && named != key ? [$"{root}.{input.Field}.key"] : [],
        _ => [],
    };
}
