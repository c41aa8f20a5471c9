using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Contract;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>
/// A controller in virtual time, and some objects of one store. What goes over the wire takes real time, so that a call is not given up because the
/// clock was turned while it was under way.
/// </summary>
internal sealed class TroubleStage : IAsyncDisposable
{
    public const int Objects = 8;

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly ExternalStage stage;
    private readonly ContractStand stand;
    private ControllerProcess controller = null!;

    private TroubleStage(ExternalStage stage, ContractStand stand, TroubledServer server)
    {
        (this.stage, this.stand, Server) = (stage, stand, server);
        Users = stand.Kept("") is null ? new ReadingUsers(stage, stand) : new WritingUsers(stage, stand);
    }

    public TroubledServer Server { get; }

    public DateTimeOffset Now => time.GetUtcNow();

    public ITroubledUsers Users { get; }

    /// <summary>Requests that two workers send for one object each, with a login before.</summary>
    public int RequestsAtOnce => 2 * (1 + stand.Steps);

    /// <returns>When all have the value <c>before</c>.</returns>
    public static async Task<TroubleStage> SetAsync(string provider, TroubleFact fact, string interval)
    {
        var stage = await ExternalStage.SetAsync();
        var stand = await TroubleStands.StartAsync(provider, stage.Cluster);
        if (stand.Exempt.TryGetValue(fact, out var reason)) Assert.Skip(reason);
        var set = new TroubleStage(stage, stand, await TroubledServer.StartAsync(stand.Server!));
        await set.BeginAsync(interval);
        return set;
    }

    /// <summary>The login of the store ends, and the Secret with it is brought up to date when <see cref="WriteCredentialsAsync"/> is called.</summary>
    public Task RotateAsync() => stand.RotateAsync();

    public async Task WriteCredentialsAsync()
    {
        foreach (var secret in stand.Cluster.Secrets.GroupBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var data = new JsonObject(secret.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
            await stage.PatchSecretAsync(secret.Key, new JsonObject { ["stringData"] = data }.ToJsonString());
        }
    }

    /// <summary>Lets time pass in steps, each when all that the one before woke is done.</summary>
    public Task PassAsync(TimeSpan step, Func<bool> until) => ExternalStage.PassAsync(time, controller, step, until);

    public async ValueTask DisposeAsync()
    {
        await stage.DisposeAsync();
        await Server.DisposeAsync();
        await stand.DisposeAsync();
    }

    /// <summary>Of the object with this number, before it gets the form that the store wants.</summary>
    public static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"credentials{i}");

    private async Task BeginAsync(string interval)
    {
        var options = stand.OptionsFor(Server.Address, Server.AuthorityPem);
        stage.Providers = new ProviderCatalog([stand.Provider]);
        stage.Http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0, Authorities = stand.Authorities }, TimeProvider.System);
        foreach (var secret in stand.Cluster.Secrets.GroupBy(entry => entry.Name, StringComparer.Ordinal)) await CreateAsync(secret);
        await Users.PutAsync("before");
        controller = stage.Build(time, "--store-rate-limit=1", "--store-rate-limit-burst=1000");
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await stage.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "external-secrets.io/v1",
            ["kind"] = "SecretStore",
            ["metadata"] = new JsonObject { ["name"] = "store" },
            ["spec"] = new JsonObject { ["retrySettings"] = new JsonObject { ["maxRetries"] = 0 }, ["provider"] = new JsonObject { [stand.Name] = options } },
        }.ToJsonString());
        await stage.StoreReadyAsync("store", "True");
        for (var i = 0; i < Objects; i++) await Users.MakeAsync(i, interval);
        await Users.AllHaveAsync("before");
        for (var i = 0; i < Objects; i++) await Users.ReadyAsync(i, isReady: true);
    }

    private Task<Secret> CreateAsync(IGrouping<string, (string Name, string Key, string Value)> secret) => stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = ExternalStage.Namespace, Name = secret.Key, Labels = new(stand.Cluster.Labels(ContractStand.Namespace, secret.Key).ToDictionary(), StringComparer.Ordinal) },
        Data = new(secret.ToDictionary(entry => entry.Key, entry => (byte[]?)System.Text.Encoding.UTF8.GetBytes(entry.Value)), StringComparer.Ordinal),
    }, TestContext.Current.CancellationToken);
}
