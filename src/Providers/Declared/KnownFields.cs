using System.Text.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// The fields of a store that its definition reads. Of an operator's own there is no schema that would refuse another one; misspelt, a field that narrows what is read would leave it as wide as it
/// is without. Pure.
/// </summary>
internal sealed class KnownFields
{
    private static readonly string[] OfSecrets = ["name", "key", "namespace"];
    private static readonly string[] OfServiceAccounts = ["name", "namespace", "audiences"];
    private static readonly string[] OfAuthorities = ["type", "name", "key", "namespace"];

    private readonly Definition definition;
    private readonly SortedSet<string> told = new(StringComparer.Ordinal);
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);

    public KnownFields(Definition definition)
    {
        this.definition = definition;
        foreach (var input in definition.Inputs)
        {
            told.Add(input.Field);
            Add(input);
        }
        foreach (var field in definition.Unsupported.Keys) paths.Add(field);
        AddAuthority("");
        if (definition.AuthorityAt is { } place) AddAuthority(place + ".");
    }

    /// <param name="options">The store's fields.</param>
    /// <param name="root">Where they are, for messages.</param>
    public IEnumerable<string> Unknown(JsonElement options, string root) =>
        Within(options, "").Select(field => $"{root}.{field} is none of the fields of the definition {definition.Name}: {string.Join(", ", told)}");

    private IEnumerable<string> Within(JsonElement here, string under)
    {
        if (here.ValueKind != JsonValueKind.Object) return [];
        return here.EnumerateObject().SelectMany(member =>
        {
            var path = under + member.Name;
            if (paths.Contains(path)) return [];
            return paths.Any(known => known.StartsWith(path + '.', StringComparison.Ordinal)) ? Within(member.Value, path + '.') : [path];
        });
    }

    private void Add(InputRule input)
    {
        if (input.LifetimeField is { } lifetime) paths.Add(lifetime);
        switch (input.Kind)
        {
            case InputKind.Secret:
                AddAll(input.Field, OfSecrets);
                break;
            case InputKind.Either:
                paths.Add(input.Field + ".value");
                AddAll(input.Field + ".secretRef", OfSecrets);
                break;
            case InputKind.ServiceAccount:
                AddAll(input.Field, OfServiceAccounts);
                break;
            default:
                paths.Add(input.Field);
                break;
        }
    }

    private void AddAuthority(string under)
    {
        told.UnionWith([under + "caBundle", under + "caProvider"]);
        paths.Add(under + "caBundle");
        AddAll(under + "caProvider", OfAuthorities);
    }

    private void AddAll(string field, string[] members) => paths.UnionWith(members.Select(member => $"{field}.{member}"));
}
