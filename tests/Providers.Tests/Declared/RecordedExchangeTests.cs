using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Contract;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>Each store of a definition, and those of vendors that are more than one, against its recorded exchanges: what is asked is compared to the letter, what comes of the answer too.</summary>
public sealed class RecordedExchangeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var name in Recordings.Names)
        {
            foreach (var one in Recordings.Read(name)["cases"]!.AsArray()) cases.Add(name, one!["name"]!.ToString());
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_recorded_exchange_is_spoken_to_the_letter(string name, string title)
    {
        var recording = Recordings.Read(name);
        var one = recording["cases"]!.AsArray().Single(item => item!["name"]!.ToString() == title)!.AsObject();
        await using var server = await ReplayServer.StartAsync(recording);
        server.Expect(one["exchange"]!.AsArray());
        var options = Recordings.At(one["store"] ?? recording["store"]!, server.Address).AsObject();
        var provider = RecordedStore.ProviderOf(name, recording, () => server.Address, server.Authority);
        var cluster = RecordedStore.Cluster(recording);
        cluster.Put(ContractStand.Namespace, "authority", "ca.crt", server.Authority);
        var now = recording["now"] is { } fixedNow ? new FakeTimeProvider(DateTimeOffset.Parse(fixedNow.ToString(), CultureInfo.InvariantCulture)) : null;
        var context = RecordedStore.Context(options, cluster, now);
        Assert.Empty(provider.Check(context.Store));
        string outcome;
        try
        {
            // What ends with the store belongs to the exchange too.
            await using var source = await provider.OpenAsync(context, Stop);
            outcome = await OutcomeAsync(source, one);
        }
        catch (ProviderException failure)
        {
            outcome = $"failure {failure.Kind}: {failure.Message}";
        }

        Assert.Equal([], server.Differences);
        var wanted = Wanted(one);
        if (wanted.StartsWith("failure", StringComparison.Ordinal)) Assert.StartsWith(wanted, outcome, StringComparison.Ordinal);
        else Assert.Equal(wanted, outcome);
    }

    [Fact]
    public void Every_definition_has_its_exchanges_of_a_value_that_is_there_and_one_that_is_not()
    {
        foreach (var name in BuiltInDefinitions.Names)
        {
            var definition = BuiltInDefinitions.Read(name);
            Assert.Equal(name, definition.Name);
            Assert.Contains(definition.Name, Recordings.Names);
            var cases = Recordings.Read(definition.Name)["cases"]!.AsArray();
            if (definition.Reads.Count > 0) Assert.Contains(cases, one => one!["fetch"] is not null && one["value"] is not null);
            if (definition.Finds.Count > 0) Assert.Contains(cases, one => one!["find"] is not null);
            if (definition.Push is not null) Assert.Contains(cases, one => one!["push"] is not null);
            Assert.Contains(cases, one => one!["failure"] is not null || one["missing"] is not null);
        }
    }

    /// <summary>docs/providers/vendors.md says so of each store that it lists.</summary>
    [Fact]
    public void Every_store_of_a_vendor_that_the_documents_list_has_its_exchanges()
    {
        var page = File.ReadAllText(Path.Combine(Recordings.Root(), "docs", "providers", "vendors.md"));
        var listed = page.Split('\n').Where(line => line.EndsWith(".md) |", StringComparison.Ordinal)).Select(line => line.Split("| [")[1].Split(']')[0]);
        Assert.Equal(Recordings.Names, listed.Order(StringComparer.Ordinal));
    }

    private static string Wanted(JsonObject one) => one switch
    {
        _ when one["failure"] is { } kind => $"failure {kind}",
        _ when one["value"] is { } value => $"value {value}",
        _ when one["values"] is { } values => Text(values.AsObject().Select(pair => (pair.Key, pair.Value!.ToString()))),
        _ when one["missing"] is not null => "missing",
        _ when one["there"] is { } there => $"there {there.ToJsonString()}",
        _ => "done",
    };

    private static async Task<string> OutcomeAsync(ISecretSource source, JsonObject one)
    {
        if (one["find"] is JsonObject find) return await FoundAsync((IFind)source, find);
        if (one["push"] is JsonObject push) return await PushedAsync((IPush)source, push);
        if (one["delete"] is JsonObject delete)
        {
            await ((IPush)source).DeleteAsync(Place(delete), Stop);
            return "done";
        }

        if (one["exists"] is JsonObject exists) return $"there {(await ((IPush)source).ExistsAsync(Place(exists), Stop) ? "true" : "false")}";
        if (one["validate"] is not null) return ((IValidate)source).ValidateAsync(Stop) is var verdict && (await verdict).Kind == StoreValidityKind.Valid ? "done" : $"failure: {(await verdict).Cause}";
        var fetch = one["fetch"]!;
        var reference = new RemoteReference(fetch["key"]!.ToString(), fetch["property"]?.ToString(), fetch["version"]?.ToString(), fetch["metadata"] is not null);
        using var secret = await source.FetchAsync(source.RequestFor(reference), Stop);
        if (secret is null) return "missing";
        if (one["values"] is null) return secret.Value(reference.Property) is { } value ? $"value {Encoding.UTF8.GetString(value)}" : "missing";
        using var values = secret.Values(reference.Property)!;
        return Text(values.Entries.Select(entry => (entry.Key, Encoding.UTF8.GetString(entry.Value))));
    }

    private static async Task<string> FoundAsync(IFind source, JsonObject find)
    {
        var tags = find["tags"]?.AsObject().ToDictionary(tag => tag.Key, tag => tag.Value!.ToString(), StringComparer.Ordinal) ?? [];
        using var found = await source.FindAsync(new FindRequest(find["path"]?.ToString(), find["regexp"]?.ToString(), tags), Stop);
        return found is null ? "missing" : Text(found.Entries.Select(entry => (entry.Key, Encoding.UTF8.GetString(entry.Value))));
    }

    /// <summary>One value, or the <c>items</c> of a Secret, of which <c>secretKey</c> may name one.</summary>
    private static async Task<string> PushedAsync(IPush source, JsonObject push)
    {
        using var items = new SecretValues();
        if (push["value"] is { } value) items.Set("item", Encoding.UTF8.GetBytes(value.ToString()));
        foreach (var (key, item) in push["items"]?.AsObject() ?? []) items.Set(key, Encoding.UTF8.GetBytes(item!.ToString()));
        JsonElement? metadata = push["metadata"] is { } given ? JsonElement.Parse(given.ToJsonString()) : null;
        var secretKey = push["value"] is null ? push["secretKey"]?.ToString() : "item";
        await source.PushAsync(new PushRequest(Place(push), items, secretKey, "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), metadata), Stop);
        return "done";
    }

    private static RemotePlace Place(JsonObject place) => new(place["key"]!.ToString(), place["property"]?.ToString());

    private static string Text(IEnumerable<(string Key, string Value)> values) => string.Join('\n', values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={value.Value}"));
}
