using System.Reflection;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Api.Schema;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>
/// No field that a definition accepts is passed over in silence: compiled code that acts on it reads it, or the definition of its store names it, or a condition
/// says that its provider or generator is not there. What only looks unread stands in a table, with the test that shows otherwise.
/// </summary>
public sealed class FieldUseTests
{
    private const string Provider = "spec.provider.";
    private const string OfDefinitions = "src/Providers/Declared/Definitions";

    private static readonly FieldUse Use = FieldUse.In(typeof(ControllerHost).Assembly, typeof(Catalog).Assembly, typeof(Template).Assembly, typeof(ExternalSecret).Assembly);

    /// <summary>Read as JSON, not by the record that describes it: with the test that changes it and sees the difference.</summary>
    private static readonly Dictionary<string, string> ReadAsJson = new(StringComparer.Ordinal)
    {
        ["DeclaredStore.Definition"] = "A_definition_that_nobody_gave_is_told_with_those_that_there_are",
        ["DeclaredStore.Options"] = "The_fields_of_an_operators_definition_are_told_below_options",
        ["FakeSpec.Controller"] = "Stores_and_generators_of_another_controller_are_left_to_it",
        ["VaultDynamicSecretSpec.Controller"] = "Stores_and_generators_of_another_controller_are_left_to_it",
        ["BeyondtrustWorkloadCredentialsDynamicSecretSpec.Controller"] = "Stores_and_generators_of_another_controller_are_left_to_it",
    };

    /// <summary>Nothing could differ, with the reason.</summary>
    private static readonly Dictionary<string, string> MakesNoDifference = new(StringComparer.Ordinal)
    {
        ["AzureStore.UseAzureSDK"] = "chooses between two implementations in the original; there is one here, which does what either does",
        ["GithubStore.UploadURL"] = "where the original's library would send files of releases, of which there are none here",
        ["ScalewayStore.AccessKey"] = "the API wants the secret key alone",
        ["DvlsStore.Insecure"] = "lets the original call an http address, which the address itself asks for here",
        ["FetchingBlock.ByID"] = "what is meant where byName is not there",
    };

    /// <summary>Values that nothing is compared with, with the reason.</summary>
    private static readonly Dictionary<string, string> NeedsNoName = new(StringComparer.Ordinal)
    {
        [".conversionStrategy=Default"] = "what is meant by any other than Unicode",
        [".syncWindows.kind=deny"] = "what is meant by any other than allow",
        [".scopes[]="] = "handed on to GitLab as they are",
        [$"ind={GeneratorKinds.BeyondtrustWorkloadCredentialsDynamicSecret}"] = "looked for in the catalog, by the name that the provider has there",
    };

    /// <summary>A Webhook generator's spec is read as the store that it is, and OpenBao's store as the part of Vault's that it is, field for field.</summary>
    private static readonly Dictionary<Type, Type> ReadAs = new()
    {
        [typeof(WebhookSpec)] = typeof(WebhookStore),
        [typeof(WebhookSpec.NamedSecret)] = typeof(WebhookStore.NamedSecret),
        [typeof(OpenBaoStore)] = typeof(VaultStore),
        [typeof(OpenBaoStore.AuthBlock)] = typeof(VaultAuth),
        [typeof(OpenBaoStore.AppRoleBlock)] = typeof(VaultAuth.AppRoleAuth),
        [typeof(OpenBaoStore.UserPassBlock)] = typeof(VaultAuth.PasswordAuth),
    };

    public static TheoryData<string> Kinds() => [.. FieldTree.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_a_spec_is_read_by_what_acts_on_it_or_answered_by_its_name(string kind)
    {
        var fields = FieldTree.Of(kind).Where(leaf => leaf.Path.StartsWith("spec", StringComparison.Ordinal)).ToList();
        Assert.True(fields.Count > 0 || kind == GeneratorKinds.Uuid, $"{kind} has no fields: this would prove nothing");
        if (Catalog.Generators().Find(kind) is null && fields.Any(leaf => leaf.Chain[0].DeclaringType!.IsDefined(typeof(GeneratorKindAttribute)))) return;
        Assert.Empty(fields.Where(leaf => PassedOver(leaf).Any() && !IsAnswered(leaf)).Select(leaf => $"{leaf.Path} ({string.Join(", ", PassedOver(leaf).Select(Named))})"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_value_that_a_field_may_have_is_known_to_what_acts_on_it(string kind)
    {
        var chosen = from leaf in FieldTree.Of(kind)
                     where leaf.Path.StartsWith("spec", StringComparison.Ordinal) && !IsAnswered(leaf)
                     let values = leaf.Chain[^1].GetCustomAttribute<ValuesAttribute>()?.Values ?? []
                     from value in values
                     where !Use.Knows(value)
                     select $"{leaf.Path}={value}";
        Assert.DoesNotContain(chosen, value => !NeedsNoName.Keys.Any(known => value.Contains(known, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_a_status_is_written(string kind) =>
        Assert.Empty(FieldTree.Of(kind).Where(leaf => leaf.Path.StartsWith("status", StringComparison.Ordinal) && !leaf.Chain.Skip(1).All(Use.Sets)).Select(leaf => leaf.Path));

    [Fact]
    public void What_looks_unread_is_unread_and_has_its_test()
    {
        Assert.All(ReadAsJson.Values, name => Assert.Contains(name, TestNames.All));
        var unread = FieldTree.Kinds.SelectMany(FieldTree.Of).SelectMany(leaf => leaf.Chain).Where(property => !Use.Reads(property)).Select(Named).ToHashSet(StringComparer.Ordinal);
        Assert.All(ReadAsJson.Keys.Concat(MakesNoDifference.Keys), name => Assert.Contains(name, unread));
    }

    private static IEnumerable<PropertyInfo> PassedOver(FieldTree.Leaf leaf) => leaf.Chain.Any(property => ReadAsJson.ContainsKey(Named(property)) || MakesNoDifference.ContainsKey(Named(property))) ? [] : leaf.Chain
        // Those name providers and generators, each of which is looked for in its catalog.
        .Where(property => property.DeclaringType != typeof(StoreProviders) && property.DeclaringType != typeof(GeneratorSpecs))
        .Where(property => !Use.Reads(AsRead(property)));

    private static PropertyInfo AsRead(PropertyInfo property) => ReadAs.GetValueOrDefault(property.DeclaringType!)?.GetProperty(property.Name) ?? property;

    /// <summary>By the definition of a store that is data, or because there is no such provider or generator, which the condition says.</summary>
    private static bool IsAnswered(FieldTree.Leaf leaf)
    {
        if (leaf.Chain.FirstOrDefault(property => property.DeclaringType == typeof(GeneratorSpecs)) is { } spec)
            return Catalog.Generators().Find(spec.PropertyType.GetCustomAttribute<GeneratorKindAttribute>()!.Kind) is null;
        if (!leaf.Path.StartsWith(Provider, StringComparison.Ordinal)) return false;
        var (provider, field) = Parted(leaf.Path[Provider.Length..]);
        if (Catalog.Providers().Find(provider) is null) return true;
        return File.Exists(Repository.PathOf($"{OfDefinitions}/{provider}.yaml")) && IsDefined(provider, field);
    }

    private static bool IsDefined(string provider, string field)
    {
        var definition = YamlReader.ReadAll(Repository.Read($"{OfDefinitions}/{provider}.yaml"))[0].Root!;
        string[] authorities = ["caBundle", "caProvider"];
        var place = (string?)definition["authorityAt"];
        string[] known = [.. authorities, .. authorities.Where(_ => place is not null).Select(name => $"{place}.{name}"), .. Inputs(definition), .. (definition["unsupported"] as JsonObject ?? []).Select(one => one.Key)];
        return known.Any(name => field.StartsWith(name, StringComparison.Ordinal) && (field.Length == name.Length || field[name.Length] is '.' or '[' or '{'));
    }

    /// <summary>The fields of a store of which its definition makes variables; those that nothing uses, and that may be anything, do not count.</summary>
    private static IEnumerable<string> Inputs(JsonNode definition)
    {
        var uses = definition.DeepClone().AsObject();
        uses.Remove("inputs");
        var text = uses.ToJsonString();
        return definition["inputs"]!.AsObject().Where(input => text.Contains(input.Key, StringComparison.Ordinal) || (input.Value as JsonObject)?["allowed"] is not null).SelectMany(input => input.Value is JsonObject rule
            ? rule.Where(one => one.Key is "field" or "secret" or "either" or "serviceAccount" or "list" or "ordered" or "lifetime").Select(one => (string)one.Value!)
            : [(string)input.Value!]);
    }

    private static (string Provider, string Field) Parted(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
    }

    private static string Named(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";
}
