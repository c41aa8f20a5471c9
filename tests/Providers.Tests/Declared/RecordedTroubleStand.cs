using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>
/// A store of a definition whose keys, or whose word that nothing is there, are not those of the contract's facts about reading (<c>notContract</c> in its recording
/// says why). What has to hold when it is in trouble is asked with its first recorded reading, or writing.
/// </summary>
internal sealed class RecordedTroubleStand : ContractStand
{
    private readonly string name;
    private readonly JsonObject recording;
    private Uri target = new("https://127.0.0.1:1");

    public RecordedTroubleStand(string name)
    {
        (this.name, recording) = (name, Recordings.Read(name));
        RecordedStore.Fill(Cluster, recording);
    }

    public override string Name => name;

    public override IProvider Provider => name == "github" ? base.Provider : new DeclaredProvider(RecordedStore.DefinitionOf(name), variable => RecordedStore.Environment(recording, target)(variable));

    public override bool AnyAnswerIsAValue => name is "barbican" or "conjur";

    public override RemoteReference Any => First("fetch") is { } fetch ? new(fetch["key"]!.ToString(), fetch["property"]?.ToString(), fetch["version"]?.ToString()) : new(First("push")!["key"]!.ToString());

    public override JsonObject Options() => OptionsFor(target, "");

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        target = server;
        var options = Recordings.At(recording["store"]!, server).AsObject();
        // Where the authority is a Secret of the store's own, it is that.
        if (authorityPem.Length > 0 && options["caProvider"] is null) options["caBundle"] = Base64(authorityPem);
        Cluster.Put(Namespace, "authority", "ca.crt", authorityPem);
        return options;
    }

    public override async Task AskAsync(ISecretSource source, CancellationToken cancellationToken)
    {
        if (First("fetch") is not null) await base.AskAsync(source, cancellationToken);
        else await ((IPush)source).ExistsAsync(new(Any.Key, null), cancellationToken);
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values) => throw new NotSupportedException(recording["notContract"]!.ToString());

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => throw new NotSupportedException(recording["notContract"]!.ToString());

    /// <summary>One that gives a value, if it is a reading.</summary>
    private JsonNode? First(string kind) => recording["cases"]!.AsArray().Where(one => kind == "push" || one!["value"] is not null).Select(one => one![kind]).FirstOrDefault(one => one is not null);
}
