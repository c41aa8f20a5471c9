using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Sops;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>Objects as the controller leaves them, by what came of the last pass and how many generations ago that was.</summary>
internal static class ReportedStatuses
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string[] Known = ["Synced", "Final", "Retried", "Suspended", "New"];

    public static JsonObject Sealed(string outcome, int behind = 0)
    {
        var status = outcome == "New" ? null : SealedStatus.Next(null, 7 - behind, outcome switch
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

    private static ObjectMeta Metadata(int behind = 0) => new() { Name = "db", Namespace = "shop", Generation = 7 - behind };
}
