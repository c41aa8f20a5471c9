using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Contract;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>
/// A controller in virtual time, and some ExternalSecrets of one store. What goes over the wire takes real time, so that a call is not given up because the
/// clock was turned while it was under way.
/// </summary>
internal sealed class TroubleStage : IAsyncDisposable
{
    public const int Objects = 8;

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly ExternalStage stage;
    private readonly ContractStand stand;
    private ControllerProcess controller = null!;

    private TroubleStage(ExternalStage stage, ContractStand stand, TroubledServer server) => (this.stage, this.stand, Server) = (stage, stand, server);

    public TroubledServer Server { get; }

    public DateTimeOffset Now => time.GetUtcNow();

    public ExternalStage Stage => stage;

    /// <returns>When all Secrets have the value <c>before</c>.</returns>
    public static async Task<TroubleStage> SetAsync(string provider, TroubleFact fact, string interval)
    {
        var stage = await ExternalStage.SetAsync();
        var stand = await TroubleStands.StartAsync(provider, stage.Cluster);
        if (stand.Exempt.TryGetValue(fact, out var reason)) Assert.Skip(reason);
        var set = new TroubleStage(stage, stand, await TroubledServer.StartAsync(stand.Server!));
        await set.BeginAsync(interval);
        return set;
    }

    public async Task PutAsync(string value)
    {
        for (var i = 0; i < Objects; i++) await stand.PutAsync(Key(i), new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = value });
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

    public async Task<int> CountAsync(string value) =>
        (await stage.Kube.ListAsync(ClusterKinds.Secrets, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken)).Count(secret => EndToEnd.Stage.Item(secret, "a") == value);

    public async Task<ExternalSecret?> FindAsync(Func<ExternalSecret, bool> wanted) =>
        (await stage.Kube.ListAsync(ExternalKinds.ExternalSecrets, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken)).FirstOrDefault(wanted);

    public Task AllHaveAsync(string value) => stage.UntilAsync(ClusterKinds.Secrets, ExternalStage.Namespace, found => found.Count(secret => EndToEnd.Stage.Item(secret, "a") == value) == Objects ? found[0] : null);

    public async ValueTask DisposeAsync()
    {
        await stage.DisposeAsync();
        await Server.DisposeAsync();
        await stand.DisposeAsync();
    }

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"credentials{i}");

    private async Task BeginAsync(string interval)
    {
        var options = stand.OptionsFor(Server.Address, Server.AuthorityPem);
        stage.Providers = new ProviderCatalog([stand.Provider]);
        stage.Http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0, Authorities = stand.Authorities }, TimeProvider.System);
        foreach (var secret in stand.Cluster.Secrets.GroupBy(entry => entry.Name, StringComparer.Ordinal)) await CreateAsync(secret);
        await PutAsync("before");
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
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", interval, Key(i), "password");
        await AllHaveAsync("before");
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
    }

    private Task<Secret> CreateAsync(IGrouping<string, (string Name, string Key, string Value)> secret) => stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = ExternalStage.Namespace, Name = secret.Key, Labels = new(stand.Cluster.Labels(ContractStand.Namespace, secret.Key).ToDictionary(), StringComparer.Ordinal) },
        Data = new(secret.ToDictionary(entry => entry.Key, entry => (byte[]?)System.Text.Encoding.UTF8.GetBytes(entry.Value)), StringComparer.Ordinal),
    }, TestContext.Current.CancellationToken);
}
