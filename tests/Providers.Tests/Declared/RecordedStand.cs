using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>A store of a definition for the contract tests, in front of a simulated store that speaks as the recording says.</summary>
internal sealed class RecordedStand(string name) : ContractStand
{
    private readonly TestCertificates certificates = new();
    private readonly JsonObject recording = Recordings.Read(name);
    private readonly SimulatedStore store = new(Recordings.Read(name)["contract"]!.AsObject());
    private LoopbackServer server = null!;
    private Uri target = null!;

    public override string Name => name;

    public override Uri Server => server.Address;

    public override IProvider Provider => new DeclaredProvider(RecordedStore.DefinitionOf(name), variable => RecordedStore.Environment(recording, target)(variable));

    public override bool MissingPropertyIsMissingSecret => recording["contract"]!["missingProperty"] is not null;

    public override bool FindsSecrets => recording["contract"]!["findsMembers"] is null;

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
        var options = Recordings.At(recording["contract"]!["store"] ?? recording["store"]!, server).AsObject();
        options["caBundle"] = Base64(authorityPem);
        return options;
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        store.Put(key, JsonSerializer.Serialize(values));
        return Task.CompletedTask;
    }

    /// <summary>Whatever is no secret in a recording says so of itself.</summary>
    public override Task RotateAsync()
    {
        foreach (var (place, value) in recording["secrets"]!.AsObject().Where(secret => secret.Value!.ToString().Contains("not", StringComparison.Ordinal)))
        {
            var rotated = "rotated-" + place.Replace('/', '-');
            Cluster.Put(Namespace, place.Split('/')[0], place.Split('/')[1], rotated);
            store.Replace(value!.ToString(), rotated);
        }

        return Task.CompletedTask;
    }

    public override JsonElement? PushMetadata => recording["contract"]!["pushed"]?["metadata"] is { } metadata ? JsonElement.Parse(metadata.ToJsonString()) : null;

    /// <summary>Where the recording says so, a property is pushed, or the value is read out of what is kept.</summary>
    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key)
    {
        var pushed = recording["contract"]!["pushed"];
        return (new(key, pushed?["property"]?.ToString()), new(key, pushed?["reads"]?.ToString()));
    }

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }
}
