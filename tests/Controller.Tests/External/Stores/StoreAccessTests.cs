using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

public sealed class StoreAccessTests
{
    private static readonly NamespacedName Reader = new(ExternalStage.Namespace, "reader");

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>What the clouds put into annotations says who the store is; a login lasts an hour.</summary>
    [Theory]
    [InlineData("annotations", "none", false)]
    [InlineData("annotations", "annotated", true)]
    [InlineData("annotations", "made again", true)]
    [InlineData("token", "none", false)]
    [InlineData("token", "made again", true)]
    public async Task A_store_of_a_service_account_that_is_another_now_is_opened_anew(string reads, string change, bool isAnew)
    {
        await using var stage = await ExternalStage.SetAsync();
        await CreateAsync(stage);
        await using var access = AccessTo(stage);
        var changes = 0;
        access.CredentialsChanged += _ => changes++;
        var first = await UseAsync(access, reads);
        time.Advance(AccountsRead.Between);
        Assert.Same(first, await UseAsync(access, reads));
        if (change == "annotated") await AnnotateAsync(stage, "other");
        if (change == "made again")
        {
            await stage.Kube.DeleteAsync(ExternalKinds.ServiceAccounts.Resource, Reader, null, Ending);
            await CreateAsync(stage);
        }
        Assert.Same(first, await UseAsync(access, reads));
        time.Advance(AccountsRead.Between);
        Assert.Equal(isAnew, !ReferenceEquals(first, await UseAsync(access, reads)));
        Assert.Equal(isAnew ? 1 : 0, changes);
    }

    [Fact]
    public async Task A_store_of_a_service_account_that_is_gone_says_so()
    {
        await using var stage = await ExternalStage.SetAsync();
        await CreateAsync(stage);
        await using var access = AccessTo(stage);
        await UseAsync(access, "annotations");
        await stage.Kube.DeleteAsync(ExternalKinds.ServiceAccounts.Resource, Reader, null, Ending);
        time.Advance(AccountsRead.Between);
        Assert.Equal($"ServiceAccount {Reader} is not there", (await Assert.ThrowsAsync<ProviderException>(() => UseAsync(access, "annotations"))).Message);
    }

    private static Task CreateAsync(ExternalStage stage) =>
        stage.ApplyAsync("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"reader","annotations":{"cloud.example/role":"one"}}}""");

    private static async Task AnnotateAsync(ExternalStage stage, string role) => await stage.Kube.UpdateAsync(
        Controller.Kube.KubeKind.Untyped(ExternalKinds.ServiceAccounts.Resource),
        JsonNode.Parse($$$$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"namespace":"{{{{Reader.Namespace}}}}","name":"reader","annotations":{"cloud.example/role":"{{{{role}}}}"}}}""")!.AsObject(),
        Ending);

    private static async Task<OpenedStore> UseAsync(StoreAccess access, string reads)
    {
        var store = new SecretStore
        {
            Metadata = new ObjectMeta { Namespace = Reader.Namespace, Name = "store", Uid = "1", Generation = 1 },
            Spec = new SecretStoreSpec { Provider = new ProviderBlock(JsonSerializer.SerializeToElement(new JsonObject { ["cloud"] = new JsonObject { ["reads"] = reads } })) },
        };
        var opened = await access.OpenAsync(Store.Of(store), Reader.Namespace, Ending);
        await opened.DisposeAsync();
        return opened;
    }

    private StoreAccess AccessTo(ExternalStage stage) => new(
        stage.Kube, new ProviderCatalog([new Cloud()]), new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), new AnswerCache(1000, time), new StoreGateOptions(), _ => null, time);

    /// <summary>Logs in with a service account when it is opened.</summary>
    private sealed class Cloud : IProvider, ISecretSource
    {
        public string Name => "cloud";

        public StoreCapability Capability => StoreCapability.ReadOnly;

        public IReadOnlyList<string> Check(StoreDescription store) => [];

        public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
        {
            if (context.Store.Options.GetProperty("reads").GetString() == "token") await context.Cluster.RequestTokenAsync(null, Reader.Name, [], TimeSpan.FromMinutes(10), cancellationToken);
            else await context.Cluster.ReadServiceAccountAnnotationsAsync(null, Reader.Name, cancellationToken);
            return this;
        }

        public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

        public Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken) => Task.FromResult<RemoteSecret?>(null);

        public ValueTask DisposeAsync() => default;
    }
}
