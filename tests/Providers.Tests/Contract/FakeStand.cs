using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Contract;

internal sealed class FakeStand : ContractStand
{
    private readonly JsonArray data = [];

    public override string Name => "fake";

    public override bool HasServer => false;

    public override bool MissingPropertyIsMissingSecret => true;

    public override JsonObject Options() => new() { ["data"] = data.DeepClone() };

    public override JsonObject OptionsFor(Uri server, string authorityPem) => throw new NotSupportedException();

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        data.Add(new JsonObject { ["key"] = key, ["value"] = JsonSerializer.Serialize(values) });
        return Task.CompletedTask;
    }

    /// <summary>Options are text, but anything can be pushed.</summary>
    public override async Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        await PushAsync(new(key, null), bytes);
        return new(key);
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        data.Add(new JsonObject { ["key"] = key, ["value"] = first, ["version"] = "v1" });
        data.Add(new JsonObject { ["key"] = key, ["value"] = second, ["version"] = "v2" });
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, Version: "v1"), new(key, Version: "v2")));
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, null), new(key));
}
