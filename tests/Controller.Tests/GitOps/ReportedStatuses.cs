using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Clusterwide;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Sops;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>Objects as the controller leaves them, by what came of the last pass and how many generations ago that was.</summary>
internal static class ReportedStatuses
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string[] Chosen = ["a", "b"];
    private static readonly string[] Known = ["Synced", "Final", "Retried", "Suspended", "New"];

    public static JsonObject Sealed(string outcome, int behind = 0)
    {
        var status = outcome == "New" ? new SealedSecretStatus { ObservedGeneration = -1 } : SealedStatus.Next(null, 7 - behind, outcome switch
        {
            "Synced" => new SealedOutcome.Synced(["SHA256:x"], new ObservedMark("a", "b"), Written: true),
            "Final" => new SealedOutcome.Failed(SealedOutcome.ErrUnsealFailed, "", "no key could decrypt secret (a)", "unseal", Final: true),
            "Retried" => new SealedOutcome.Failed(SealedOutcome.ErrUpdateFailed, "", "the server is busy", "update", Final: false),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), string.Join(",", Known)),
        }, Now);
        return JsonSerializer.SerializeToNode(new SealedSecret { Metadata = Metadata(), Status = status }, ApiJson.Compact.SealedSecret)!.AsObject();
    }

    public static JsonObject Sops(string outcome, int behind = 0)
    {
        var status = outcome == "New" ? new SopsSecretStatus { ObservedGeneration = -1 } : SopsStatus.Next(null, Metadata(behind), outcome switch
        {
            "Synced" => new SopsOutcome.Synced(new SopsMark("a", "b"), MacVerdict.Impossible, 2, Written: true),
            "Final" => new SopsOutcome.Failed(SopsReason.NoKey, SopsOutcome.DecryptionError, "no private key", Final: true),
            "Retried" => new SopsOutcome.Failed(SopsReason.ApiRefused, SopsOutcome.UpdateError, "the server is busy", Final: false),
            _ => new SopsOutcome.Suspended(),
        }, Now);
        return JsonSerializer.SerializeToNode(new SopsSecret { Metadata = Metadata(), Status = status }, ApiJson.Compact.SopsSecret)!.AsObject();
    }

    public static JsonObject External(string outcome, int behind = 0)
    {
        var status = outcome == "New" ? new ExternalSecretStatus { ObservedGeneration = -1 } : ExternalStatus.Next(null, 7 - behind, outcome switch
        {
            "Synced" => new ExternalOutcome.Synced("SecretSynced", "secret synced", new LastSync("7-a", Now, Now, new ExternalMark("a", "b")), "db", []),
            "Final" => new ExternalOutcome.Failed("could not get secret data from provider", "data[0]: k: not found", Final: true, null, []),
            "Retried" => new ExternalOutcome.Failed("could not get secret data from provider", "data[0]: k: not found", Final: false, null, []),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), string.Join(",", Known)),
        }, Now, keepsOurFields: true);
        return JsonSerializer.SerializeToNode(new ExternalSecret { Metadata = Metadata(), Status = status }, ApiJson.Compact.ExternalSecret)!.AsObject();
    }

    public static JsonObject Pushed(string outcome, int behind = 0)
    {
        var status = outcome == "New" ? new PushSecretStatus { ObservedGeneration = -1 } : PushStatus.Next(null, 7 - behind, outcome switch
        {
            "Synced" => new PushOutcome.Synced(PushReasons.Success, "7-a", Now, "a", []),
            "Final" => new PushOutcome.Failed(PushReasons.Errored, "secret key k does not exist", Final: true, null, null),
            "Retried" => new PushOutcome.Failed(PushReasons.Errored, "set secret failed", Final: false, null, null),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), string.Join(",", Known)),
        }, Now, keepsOurFields: true);
        return JsonSerializer.SerializeToNode(new PushSecret { Metadata = Metadata(), Status = status }, ApiJson.Compact.PushSecret)!.AsObject();
    }

    public static JsonObject Store(string outcome, bool clusterWide, int behind = 0)
    {
        var status = outcome == "New" ? new SecretStoreStatus { ObservedGeneration = -1 } : StoreStatus.Next(null, 7 - behind, outcome switch
        {
            "Synced" => new StoreFinding(IsReady: true, StoreFinding.Valid, StoreFinding.Validated, "", SecretStoreStatus.ReadWrite),
            "Unknown" => new StoreFinding(IsReady: true, StoreFinding.ValidationUnknown, StoreFinding.Undetermined, "the server is busy", SecretStoreStatus.ReadWrite),
            "Retried" => new StoreFinding(IsReady: false, StoreFinding.InvalidProviderConfig, StoreFinding.NotValid, "permission denied", SecretStoreStatus.ReadWrite),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), string.Join(",", Known)),
        }, Now);
        return (clusterWide
            ? JsonSerializer.SerializeToNode(new ClusterSecretStore { Metadata = Metadata(), Status = status }, ApiJson.Compact.ClusterSecretStore)
            : JsonSerializer.SerializeToNode(new SecretStore { Metadata = Metadata(), Status = status }, ApiJson.Compact.SecretStore))!.AsObject();
    }

    /// <summary>A ClusterPushSecret that chose two namespaces.</summary>
    public static JsonObject PushedEverywhere(int failed)
    {
        var source = new ClusterPushSecret { Metadata = Metadata() };
        return JsonSerializer.SerializeToNode(source with { Status = ClusterPushStatus.Next(source, Chosen[failed..], Failed(failed), Now) }, ApiJson.Compact.ClusterPushSecret)!.AsObject();
    }

    /// <summary>A ClusterExternalSecret that chose two namespaces.</summary>
    public static JsonObject Everywhere(int failed)
    {
        var source = new ClusterExternalSecret { Metadata = Metadata() };
        return JsonSerializer.SerializeToNode(source with { Status = ClusterExternalStatus.Next(source, Chosen[failed..], Failed(failed), Now) }, ApiJson.Compact.ClusterExternalSecret)!.AsObject();
    }

    private static FailedNamespace[] Failed(int count) => [.. Chosen.Take(count).Select(ns => new FailedNamespace { Namespace = ns, Reason = "in the way" })];

    private static ObjectMeta Metadata(int behind = 0) => new() { Name = "db", Namespace = "shop", Generation = 7 - behind };
}
