using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>A Secret <c>source</c>, a PushSecret <c>push</c> of it, and stores that are written.</summary>
internal static class PushStage
{
    /// <summary>One item of the Secret.</summary>
    public const string Data = "[{match: {secretKey: key, remoteRef: {remoteKey: remote}}}]";

    public static async Task<ExternalStage> StartedAsync(string? store = "one")
    {
        var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        if (store is not null) await StoreAsync(stage, store);
        return stage;
    }

    public static Task StoreAsync(ExternalStage stage, string name, string labels = "") =>
        stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: {{{name}}}, labels: { {{{labels}}} } }
            spec: {provider: {writable: {} } }
            """);

    public static Task PushAsync(ExternalStage stage, string rest, string stores = "[{name: one}]") => stage.ApplyAsync(
        "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: push}\nspec:\n  secretStoreRefs: " + stores + "\n  selector: {secret: {name: source}}\n  " + rest);

    public static Task<PushSecret> PatchAsync(ExternalStage stage, string patch) =>
        stage.Kube.PatchAsync(ExternalKinds.PushSecrets, ExternalStage.Key("push"), JsonNode.Parse(patch)!.AsObject(), TestContext.Current.CancellationToken);

    public static Task<PushSecret> ReadyAsync(ExternalStage stage, string status, string message = "", string name = "push") => stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all =>
        all.FirstOrDefault(push => push.Metadata.Name == name && push.Status?.ObservedGeneration == push.Metadata.Generation
            && push.Status?.Conditions?[0] is { Type: "Ready" } ready && ready.Status == status && ready.Message!.StartsWith(message, StringComparison.Ordinal)));

    /// <summary>The same by a clock of the test's.</summary>
    public static async Task<(ExternalStage Stage, ControllerProcess Controller)> StartedAsync(FakeTimeProvider time, params string[] stores)
    {
        var stage = await ExternalStage.SetAsync();
        var controller = stage.Build(time);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        foreach (var store in stores) await StoreAsync(stage, store);
        return (stage, controller);
    }

    /// <summary>A PushSecret of that selector.</summary>
    public static Task PushFromAsync(ExternalStage stage, string selector, string rest, string stores = "[{name: one}]", string name = "push") => stage.ApplyAsync(
        $"apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {{name: {name}}}\nspec:\n  secretStoreRefs: {stores}\n  selector: {selector}\n  {rest}");

    public static Task DeleteAsync(ExternalStage stage, string name = "push") => stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key(name), null, TestContext.Current.CancellationToken);

    /// <summary>What the status of <c>push</c> says lies at the stores, as <c>store name</c>.</summary>
    public static IEnumerable<string> LyingIn(PushSecret push) => (push.Status!.SyncedPushSecrets ?? []).SelectMany(store => store.Value.Keys.Select(name => $"{store.Key} {name}"));

    /// <summary>Waits for something that only the store shows.</summary>
    public static async Task UntilAsync(ExternalStage stage, Func<bool> seen)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestContext.Current.CancellationToken);
        while (!seen())
        {
            if (both.IsCancellationRequested) throw new TimeoutException($"not seen; the store was asked: {string.Join(", ", stage.Writable.Calls)}\n{stage.Log}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
