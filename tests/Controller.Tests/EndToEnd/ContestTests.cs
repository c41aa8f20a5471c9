using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>A Secret that somebody else writes, too, each time that it was put right.</summary>
public sealed class ContestTests
{
    /// <summary>After which time without another edit that is forgotten.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_Secret_that_is_written_against_is_put_right_less_and_less_often_and_the_condition_names_the_writer()
    {
        await using var stage = await Stage.SetAsync();
        var (time, _, putOff) = await StartAsync(stage);
        await WriteAgainstAsync(stage);
        await stage.SecretAsync("db", "a", "1"); // at once: the clock stands still
        var before = putOff();
        await WriteAgainstAsync(stage);
        await Eventually.TrueAsync(() => putOff() > before, "the pass that is put off");
        Assert.Equal("hacked", Stage.Item(await stage.SecretAsync("db"), "a"));

        var contest = stage.SyncedAsync("db", "False", "by the field manager \"rival\"");
        await WriteAgainstUntilAsync(stage, time, contest);
        var contested = await contest;
        Assert.Equal(("False", "False"), (contested.Status!.Conditions![1].Status, contested.Status.Conditions[2].Status));
        await stage.EventAsync("shop", "db", "ErrUpdateFailed", "by the field manager \"rival\"");

        var quiet = stage.SyncedAsync("db", "True");
        await Eventually.TrueAsTimePassesAsync(time, Quiet, () => quiet.IsCompleted, "the word that it is quiet");
        await quiet;
        await WriteAgainstAsync(stage);
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_again_and_again_comes_back_less_and_less_often()
    {
        await using var stage = await Stage.SetAsync();
        var (time, controller, _) = await StartAsync(stage);
        await stage.DeleteSecretAsync(Stage.Key("db"));
        await stage.SecretAsync("db"); // at once

        var contest = stage.SyncedAsync("db", "False", "was deleted each time");
        await DeleteUntilAsync(stage, time, contest, () => controller.IsIdle);
        await contest;
        await stage.ChangeAsync("db", source => source with { Spec = TestKeys.Seal("one", Stage.Namespace, "db", ("a", "2")).Spec });
        await stage.SecretAsync("db", "a", "2"); // an edit of the SealedSecret waits for nothing
        await stage.SyncedAsync("db", "True");
    }

    /// <summary>Under the original's definition the request that was acted upon stands in a condition, which the word of the contest took off: so it was open again, and waited for nothing.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_was_acted_upon_ends_no_contest(bool originalDefinition)
    {
        await using var stage = await Stage.SetAsync(originalDefinition ? HealingTests.OriginalDefinition : null);
        var (time, _, putOff) = await StartAsync(stage, HealingTests.Requested("db"));
        await stage.SealedAsync("db", source => ObservedNote.Of(source.Status).Handled is not null);

        var contest = stage.SyncedAsync("db", "False", "by the field manager \"rival\"");
        await WriteAgainstUntilAsync(stage, time, contest);
        await RightAsync(stage, time, secret => Stage.Item(secret, "a") == "1");
        var before = putOff();
        await stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Annotations = new(source.Metadata.Annotations!, StringComparer.Ordinal) { ["touched"] = "once" } } });
        await Eventually.TrueAsync(() => putOff() > before, "a pass that waits for quiet");
        await stage.SyncedAsync("db", "False");
        Assert.NotNull(ObservedNote.Of((await stage.Kube.GetAsync(SealedSecretKind.Instance, Stage.Key("db"), TestContext.Current.CancellationToken)).Status).Handled);
    }

    [Fact]
    public async Task The_token_of_a_service_account_stays()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var account = await stage.Kube.CreateAsync(KubeKind.Untyped(new KubeResource("", "v1", "serviceaccounts")), new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ServiceAccount",
            ["metadata"] = new JsonObject { ["namespace"] = Stage.Namespace, ["name"] = "robot" },
        }, TestContext.Current.CancellationToken);
        await stage.ApplyAsync(Token(TestKeys.Seal("one", Stage.Namespace, "db")));
        await stage.SyncedAsync("db", "True");
        if (stage.Cluster is LocalTestCluster) await FillAsync(stage, account["metadata"]!["uid"]!.GetValue<string>());
        var filled = await stage.SecretAsync("db", IsFilled);
        var mark = ObservedMark.HashSecret(filled.Metadata.Uid, filled.Metadata.ResourceVersion, null, null);
        await stage.SealedAsync("db", source => ObservedMark.TryParse(source.Status?.ObservedHash)?.Secret == mark); // looked at, and left as it is

        await stage.ChangeAsync("db", source => source with { Spec = Token(TestKeys.Seal("one", Stage.Namespace, "db", ("extra", "1"))).Spec });
        var extended = await stage.SecretAsync("db", "extra", "1");
        Assert.Equal(filled.Data!["token"]!, extended.Data!["token"]!);
        Assert.True(IsFilled(extended));
    }

    /// <returns>When the Secret was made: a clock that stands still, the controller, and how many passes are to be made once more later.</returns>
    private static async Task<(FakeTimeProvider Time, ControllerProcess Controller, Func<int> PutOff)> StartAsync(Stage stage, SealedSecret? source = null)
    {
        await stage.PutKeyAsync("one");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var putOff = 0;
        var controller = stage.Build(time, built => built.Worked += work => Interlocked.Add(ref putOff, work.Outcome == WorkOutcome.Requeued ? 1 : 0));
        await controller.Ready;
        await stage.ApplyAsync(source ?? TestKeys.Seal("one", Stage.Namespace, "db", ("a", "1")));
        await stage.SyncedAsync("db", "True");
        return (time, controller, () => Volatile.Read(ref putOff));
    }

    /// <summary>Turns the clock by little until the Secret is right, and not on from there: whoever is to write against it does so soon after.</summary>
    private static async Task RightAsync(Stage stage, FakeTimeProvider time, Func<Secret, bool> isRight)
    {
        while (await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken) is not { } secret || !isRight(secret))
        {
            await Eventually.TurnedAsync(time, TimeSpan.FromMilliseconds(100));
        }
    }

    internal static async Task WriteAgainstUntilAsync(Stage stage, FakeTimeProvider time, Task contest)
    {
        while (!contest.IsCompleted)
        {
            await RightAsync(stage, time, secret => Stage.Item(secret, "a") == "1");
            await WriteAgainstAsync(stage);
        }
    }

    /// <param name="isIdle">Of the controller: it must know what it wrote before that is gone again, or it waits for the watch to show it, half a minute.</param>
    internal static async Task DeleteUntilAsync(Stage stage, FakeTimeProvider time, Task contest, Func<bool> isIdle)
    {
        while (!contest.IsCompleted)
        {
            await RightAsync(stage, time, _ => true);
            await Eventually.TrueAsync(isIdle, "rest");
            await stage.DeleteSecretAsync(Stage.Key("db"));
        }
    }

    internal static async Task WriteAgainstAsync(Stage stage)
    {
        var there = await stage.Kube.GetAsync(ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken);
        var edited = there with { Data = new(StringComparer.Ordinal) { ["a"] = "hacked"u8.ToArray() } };
        await stage.Kube.UpdateAsync(ClusterKinds.Secrets, edited, TestContext.Current.CancellationToken, "rival");
    }

    private static SealedSecret Token(SealedSecret source) => source with
    {
        Spec = source.Spec with
        {
            Template = new SecretTemplateSpec
            {
                Type = "kubernetes.io/service-account-token",
                Metadata = new ObjectMeta { Annotations = new(StringComparer.Ordinal) { ["kubernetes.io/service-account.name"] = "robot" } },
            },
        },
    };

    /// <summary>What kube-controller-manager does where there is one.</summary>
    private static Task<Secret> FillAsync(Stage stage, string uid) => stage.PatchSecretAsync(Stage.Key("db"), $$$"""
        {
          "metadata": { "annotations": { "kubernetes.io/service-account.uid": "{{{uid}}}" }, "labels": { "kubernetes.io/legacy-token-last-used": "2026-11-30" } },
          "data": { "token": "eA==", "ca.crt": "eQ==", "namespace": "{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Stage.Namespace))}}}" }
        }
        """);

    private static bool IsFilled(Secret secret) =>
        secret.Metadata.Annotation("kubernetes.io/service-account.uid") is not null && secret.Data?.ContainsKey("token") == true && secret.Data.ContainsKey("ca.crt") && secret.Data.ContainsKey("namespace");
}
