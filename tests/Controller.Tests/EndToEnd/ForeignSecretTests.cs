using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>A SealedSecret that sets no owner, and Secrets that this controller wrote for others or for itself.</summary>
public sealed class ForeignSecretTests
{
    private const string NotManaged = "already exists and is not managed by SealedSecret";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_SealedSecret_without_owner_takes_over_no_sealing_key_of_the_controller()
    {
        await using var stage = await Stage.SetAsync();
        var controller = await stage.StartAsync();
        var made = await stage.UntilAsync(ClusterKinds.Secrets, Stage.KeyNamespace, all => all.FirstOrDefault(secret => secret.Metadata.Labels?.ContainsKey(SealedSecretAnnotations.SealingKeyLabel) == true));
        await Eventually.TrueAsync(() => controller.Keys.Ring.Current is not null);
        using var http = new HttpClient();
        var certificate = await http.GetStringAsync(new Uri(controller.ApiAddress!, "/v1/cert.pem"), Ending);
        await stage.PutKeyAsync("older", label: SealedSecretAnnotations.ActiveKey);

        var (key, pem) = TestKeys.Pair("thief");
        var source = TestKeys.Seal("older", Stage.KeyNamespace, made.Metadata.Name!, (SealingKeySecret.KeyItem, System.Text.Encoding.ASCII.GetString(key)), (SealingKeySecret.CertificateItem, pem));
        var metadata = new ObjectMeta
        {
            Labels = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey },
            Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SkipSetOwnerReferences] = "true" },
        };
        await stage.ApplyAsync(source with { Spec = source.Spec with { Template = new SecretTemplateSpec { Type = SealingKeySecret.SecretType, Metadata = metadata } } });

        await stage.EventAsync(Stage.KeyNamespace, made.Metadata.Name!, "ErrUpdateFailed", NotManaged);
        var after = await stage.Kube.GetAsync(ClusterKinds.Secrets, new(Stage.KeyNamespace, made.Metadata.Name!), Ending);
        Assert.Equal(made.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
        Assert.Contains(controller.Keys.Ring.Keys, held => held.Certificate!.Pem.Trim() == certificate.Trim());
    }

    [Fact]
    public async Task A_SealedSecret_without_owner_goes_on_with_its_own_Secret_when_its_mark_was_taken_off()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var source = TestKeys.Seal("one", Stage.Namespace, "db", ("a", "1"));
        var template = new SecretTemplateSpec { Metadata = new ObjectMeta { Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SkipSetOwnerReferences] = "true" } } };
        await stage.ApplyAsync(source with { Spec = source.Spec with { Template = template } });
        await stage.SyncedAsync("db", "True");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"annotations":null},"data":{"a":"aGFja2Vk"}}""");
        var mended = await stage.SecretAsync("db", "a", "1");
        Assert.True(mended.Metadata.HasTrueAnnotation(SealedSecretAnnotations.SkipSetOwnerReferences));
    }
}
