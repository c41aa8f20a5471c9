using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Sealed;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>An ExternalSecret that adds to the Secret of a SealedSecret, both of this controller.</summary>
public sealed class MergeIntoSealedTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_come_to_rest_each_with_its_own_items()
    {
        await using var stage = await ExternalStage.SetAsync();
        var (key, certificate) = TestKeys.Pair("one");
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta { Namespace = "kube-system", Name = "key-one", Labels = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey } },
            Type = SealingKeySecret.SecretType,
            Data = new(StringComparer.Ordinal) { [SealingKeySecret.KeyItem] = key, [SealingKeySecret.CertificateItem] = Encoding.ASCII.GetBytes(certificate) },
        }, Ending);
        stage.Provider.Values["k"] = "fetched";
        await stage.StartAsync();
        await stage.Kube.CreateAsync(SealedSecretKind.Instance, TestKeys.Seal("one", ExternalStage.Namespace, "db", ("own", "sealed"), ("both", "sealed")), Ending);
        await stage.SecretAsync("db", "own", "sealed");
        await stage.StoreAsync();
        await stage.ExternalAsync("more", "{name: db, creationPolicy: Merge}", "1h", ("merged", "k"), ("both", "k"));
        await stage.ReadyAsync("more", "True");
        Assert.Equal("fetched fetched sealed", await HealedAsync("x"));
        // What somebody else adds or edits is taken back, as ever, and nothing else.
        Assert.Equal("fetched fetched sealed", await HealedAsync("y"));

        // Each edit is one that the SealedSecret takes back, so that it has looked at the Secret.
        async Task<string> HealedAsync(string added)
        {
            await stage.PatchSecretAsync("db", $$"""{"stringData":{"{{added}}":"1","own":"edited"} }""");
            var secret = await stage.SecretAsync("db", found => found.Data!.Count == 3 && Stage.Item(found, "own") == "sealed");
            return string.Join(' ', secret.Data!.Keys.Select(item => Stage.Item(secret, item)));
        }
    }
}
