using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>PushSecrets, each with a source and a key of its own, for a store out of which nothing is read.</summary>
/// <param name="stand">Behind it is what they write.</param>
internal sealed class WritingUsers(ExternalStage stage, ContractStand stand) : ITroubledUsers
{
    private bool areMade;

    /// <summary>A source that changes is pushed at once.</summary>
    public TimeSpan Notice => TimeSpan.Zero;

    public Task MakeAsync(int number, string interval) => stage.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1alpha1
        kind: PushSecret
        metadata:
          name: db-{{{number}}}
        spec:
          refreshInterval: {{{interval}}}
          secretStoreRefs: [{name: store}]
          selector: {secret: {name: source-{{{number}}}}}
          data:
            - match: {secretKey: a, remoteRef: {remoteKey: "{{{TroubleStage.Key(number)}}}"}}
        """);

    public async Task PutAsync(string value)
    {
        for (var i = 0; i < TroubleStage.Objects; i++)
        {
            if (areMade) await stage.PatchSecretAsync($"source-{i}", new JsonObject { ["stringData"] = new JsonObject { ["a"] = value } }.ToJsonString());
            else await stage.CreateSecretAsync($"source-{i}", ("a", value));
        }

        areMade = true;
    }

    public Task<int> CountAsync(string value) => Task.FromResult(stand.Kept(value)!.Value);

    public Task AllHaveAsync(string value) => Eventually.TrueAsync(() => stand.Kept(value) == TroubleStage.Objects, $"the store has {value} under all keys");

    public Task ReadyAsync(int number, bool isReady) => stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(push =>
        push.Metadata.Name == $"db-{number}" && push.Status?.Conditions?[0] is { Type: "Ready" } ready && ready.Status == (isReady ? "True" : "False")));

    public async Task<string?> FailingSinceAsync(Func<string, bool> message) =>
        (await stage.Kube.ListAsync(ExternalKinds.PushSecrets, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken))
            .Select(push => push.Status?.Conditions?[0]).FirstOrDefault(ready => ready?.Status == "False" && message(ready.Message!))?.LastTransitionTime;
}
