using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Declared;

namespace GitOpsSecrets.Providers.Tests.Passbolt;

/// <summary>A store of Passbolt that can be pointed at any server; behind it stands none of its own.</summary>
internal sealed class PassboltStand : ContractStand
{
    private readonly JsonObject recording = Recordings.Read("passbolt");

    public override string Name => "passbolt";

    public override RemoteReference Any => new("8e3874ae-4b40-590b-968a-418f704b9d9a", "password");

    public Task<ContractStand> StartAsync()
    {
        RecordedStore.Fill(Cluster, recording);
        return Task.FromResult<ContractStand>(this);
    }

    public override JsonObject Options()
    {
        var options = Recordings.At(recording["store"]!, new Uri("https://127.0.0.1:1")).AsObject();
        options.Remove("caProvider");
        return options;
    }

    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        var options = Recordings.At(recording["store"]!, server).AsObject();
        options.Remove("caProvider");
        options["caBundle"] = Base64(authorityPem);
        return options;
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values) => throw new NotSupportedException("see the recorded exchanges");

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => throw new NotSupportedException("it is read only");
}
