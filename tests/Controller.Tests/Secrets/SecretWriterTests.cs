using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;

namespace GitOpsSecrets.Controller.Tests.Secrets;

/// <summary>Two write at the same time: whoever decided on what is no longer there is refused.</summary>
public sealed class SecretWriterTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("update")]
    [InlineData("delete")]
    [InlineData("create")]
    public async Task A_write_that_was_decided_on_another_version_is_refused_and_changes_nothing(string action)
    {
        await using var stage = await Stage.SetAsync();
        var writer = new SecretWriter(stage.Kube, new Metrics("test"));
        Assert.Null(await writer.FindAsync(Stage.Key("db"), Ending));
        var made = await stage.CreateSecretAsync("db", [SealedSecretAnnotations.Managed], ("a", "first"));
        var read = (await writer.FindAsync(Stage.Key("db"), Ending))!;
        await stage.PatchSecretAsync(Stage.Key("db"), """{"data":{"a":"dGhlaXJz"}}""");
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => action switch
        {
            "update" => UpdateAsync(read),
            "create" => writer.CreateAsync(made, Ending),
            _ => writer.DeleteAsync(read, Ending),
        });
        Assert.Equal(409, refused.Code);
        Assert.Equal("theirs", Stage.Item(await stage.Kube.GetAsync(ClusterKinds.Secrets, Stage.Key("db"), Ending), "a"));

        Task UpdateAsync(Secret existing)
        {
            var draft = new SecretDraft(new Secret { Metadata = new ObjectMeta { Namespace = Stage.Namespace, Name = "db" }, Data = new(StringComparer.Ordinal) { ["a"] = [1] } }, "1", SealedSecret.SealedSecretKind);
            var decision = new WritePolicy(draft, existing, sourceChanged: true).Decide();
            Assert.Equal(WriteAction.Update, decision.Action);
            return writer.WriteAsync(decision, Ending);
        }
    }
}
