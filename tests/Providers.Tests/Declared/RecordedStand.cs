using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>A store of a definition for the contract tests, in front of a simulated store that speaks as the recording says; or for the tests of trouble alone, where it cannot keep the contract.</summary>
internal sealed class RecordedStand(string name) : ContractStand
{
    private const string HexKey = "{key:hex}";
    private readonly TestCertificates certificates = new();
    private readonly JsonObject recording = Recordings.Read(name);
    private readonly JsonObject simulated = SimulatedOf(name)!;
    private readonly SimulatedStore store = new(SimulatedOf(name)!);
    private LoopbackServer server = null!;
    private Uri target = null!;

    public override string Name => name;

    public override Uri Server => server.Address;

    public override IProvider Provider => RecordedStore.ProviderOf(name, recording, () => target);

    public override int Steps => (int?)simulated["steps"]?.GetValue<long>() ?? base.Steps;

    public override bool MissingPropertyIsMissingSecret => simulated["missingProperty"] is not null;

    public override bool FindsSecrets => simulated["findsMembers"] is null;

    public async Task<ContractStand> StartAsync()
    {
        server = await LoopbackServer.StartAsync(store.AnswerAsync, certificates.Issue("127.0.0.1"));
        target = server.Address;
        RecordedStore.Fill(Cluster, recording);
        return this;
    }

    public override JsonObject Options() => OptionsFor(server.Address, certificates.Pem);

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        target = server;
        var options = Recordings.At(simulated["store"] ?? recording["store"]!, server).AsObject();
        // Where the authority is a Secret of the store's own, it is that.
        if (options["caProvider"] is null) options["caBundle"] = Base64(authorityPem);
        Cluster.Put(Namespace, "authority", "ca.crt", authorityPem);
        return options;
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        store.Put(Form.Contains(HexKey, StringComparison.Ordinal) ? Reference(key).Key : key, JsonSerializer.Serialize(values));
        return Task.CompletedTask;
    }

    public override RemoteReference Reference(string key) => new(
        Form.Replace("{key}", key, StringComparison.Ordinal).Replace(HexKey, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key)[^6..]), StringComparison.Ordinal),
        simulated["property"]?.ToString() ?? "password");

    public override string Shown(string value) => simulated["shown"]?.ToString().Replace("{value}", value, StringComparison.Ordinal) ?? value;

    public override int? Kept(string value) => simulated["written"] is null ? null : store.Count(value);

    /// <summary>Whatever is no secret in a recording says so of itself, where it does not say what takes its place.</summary>
    public override Task RotateAsync()
    {
        foreach (var (place, login) in simulated["rotated"]?.AsObject() ?? [])
        {
            Cluster.Put(Namespace, place.Split('/')[0], place.Split('/')[1], RecordedKeys.Filled(login!["to"]!.ToString()));
            store.Replace(login["old"]!.ToString(), login["new"]!.ToString());
        }

        if (simulated["rotated"] is not null) return Task.CompletedTask;
        foreach (var (place, value) in recording["secrets"]!.AsObject().Where(secret => secret.Value!.ToString().Contains("not", StringComparison.Ordinal)))
        {
            var rotated = "rotated-" + place.Replace('/', '-');
            Cluster.Put(Namespace, place.Split('/')[0], place.Split('/')[1], rotated);
            store.Replace(value!.ToString(), rotated);
        }

        return Task.CompletedTask;
    }

    public override JsonElement? PushMetadata => simulated["pushed"]?["metadata"] is { } metadata ? JsonElement.Parse(metadata.ToJsonString()) : null;

    /// <summary>Where the recording says so, a property is pushed, or the value is read out of what is kept.</summary>
    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key)
    {
        var pushed = simulated["pushed"];
        return (new(key, pushed?["property"]?.ToString()), new(key, pushed?["reads"]?.ToString()));
    }

    /// <summary>Of keys, as the store wants them.</summary>
    private string Form => simulated["key"]?.ToString() ?? "{key}";

    /// <summary>How the simulated store speaks; null where the recording does not say it.</summary>
    public static JsonObject? SimulatedOf(string name) => (Recordings.Read(name)["contract"] ?? Recordings.Read(name)["trouble"])?.AsObject();

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }
}
