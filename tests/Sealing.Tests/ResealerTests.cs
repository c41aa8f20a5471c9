using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing.Tests.Vectors;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class ResealerTests : IDisposable
{
    private readonly KeyRing ring = Keys.Ring(2);

    private SealingKey Old => ring.Keys[1];

    private SealingKey New => ring.Keys[0];

    public void Dispose() => ring.Dispose();

    [Theory]
    [InlineData(SealingScope.Strict)]
    [InlineData(SealingScope.NamespaceWide)]
    [InlineData(SealingScope.ClusterWide)]
    public void Every_item_moves_to_the_new_key_and_everything_else_stays(SealingScope scope)
    {
        var before = Samples.Seal(Samples.Secret(scope, ("a", "1"), ("b", "2")), Old)
            .WithTemplate(template => template with
            {
                Type = "example.com/x",
                Data = new(StringComparer.Ordinal) { ["t"] = "{{ .a }}" },
                Metadata = new ObjectMeta { Labels = new(StringComparer.Ordinal) { ["l"] = "1" }, Annotations = new(StringComparer.Ordinal) { ["x"] = "y" } },
            })
            .WithMetadata(metadata => metadata with { Labels = new(StringComparer.Ordinal) { ["own"] = "label" } });

        var result = Reseal(before, hint: false);

        Assert.Null(result.Failure);
        Assert.All(result.Items.Values, item => Assert.Equal(new ResealedItem(ResealOutcome.Changed, Old.Fingerprint, null), item));
        Assert.Equal(Json(before with { Spec = before.Spec with { EncryptedData = null } }), Json(result.SealedSecret with { Spec = result.SealedSecret.Spec with { EncryptedData = null } }));
        using var onlyNew = KeyRing.Of([Keys.Of(1)]);
        using var opened = Unsealer.Unseal(result.SealedSecret.WithTemplate(t => t with { Data = null }), onlyNew, UnsealOptions.Default);
        Assert.Equal(("1", "2"), (opened.Opened!.Text("a"), opened.Opened!.Text("b")));
    }

    [Fact]
    public void A_current_item_stays_byte_for_byte_and_the_object_is_the_same_when_all_are()
    {
        var before = Samples.Seal(Samples.Secret(("a", "1")), New, hint: true);
        var same = Reseal(before, hint: true);
        Assert.Same(before, same.SealedSecret);
        Assert.False(same.Changed);

        var mixed = before.WithItem("b", Samples.Seal(Samples.Secret(("b", "2")), Old).Spec.EncryptedData!["b"]);
        var after = Reseal(mixed, hint: false);
        Assert.Equal(ResealOutcome.Current, after.Items["a"].Outcome);
        Assert.Equal(ResealOutcome.Changed, after.Items["b"].Outcome);
        Assert.Equal(before.Spec.EncryptedData!["a"], after.SealedSecret.Spec.EncryptedData!["a"]);
    }

    [Fact]
    public void An_item_that_does_not_open_is_reported_and_kept()
    {
        var before = Samples.Seal(Samples.Secret(("a", "1")), Old).WithItem("bad", "AAAA");
        var result = Reseal(before, hint: true);
        Assert.Equal(ResealOutcome.Failed, result.Items["bad"].Outcome);
        Assert.Equal("AAAA", result.SealedSecret.Spec.EncryptedData!["bad"]);
        Assert.Equal(ResealOutcome.Changed, result.Items["a"].Outcome);
        Assert.Equal("no key could decrypt secret (bad)", result.Failure?.Message);
    }

    [Fact]
    public void The_scope_cannot_be_widened_on_the_way()
    {
        var strict = Samples.Seal(Samples.Secret(("k", "v")), Old).WithTemplate(template => template with
        {
            Metadata = SealingScopes.Annotate(template.Metadata!, SealingScope.ClusterWide),
        });
        var moved = Reseal(strict, hint: false).SealedSecret.WithMetadata(metadata => SealingScopes.Annotate(metadata, SealingScope.ClusterWide));
        using var result = Unsealer.Unseal(moved, ring, UnsealOptions.Default);
        Assert.Equal(UnsealFailureKind.WrongScope, result.Failure?.Kind);

        var widened = strict.WithMetadata(metadata => SealingScopes.Annotate(metadata, SealingScope.ClusterWide));
        Assert.Equal(ResealOutcome.Failed, Reseal(widened, hint: false).Items["k"].Outcome);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void The_hint_follows_the_key_or_goes(bool hint, bool present)
    {
        var result = Reseal(Samples.Seal(Samples.Secret(("k", "v")), Old, hint: true), hint);
        Assert.Equal(present ? New.Fingerprint : null, result.SealedSecret.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint));
    }

    [Fact]
    public void The_legacy_form_moves_as_it_is()
    {
        var vector = VectorSet.Case("29-legacy-v1-data");
        using var main = VectorSet.Ring("main");
        var legacy = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        var result = Resealer.Reseal(legacy, main, New.Certificate!, hint: false, UnsealOptions.Default);

        Assert.Equal(ResealOutcome.Changed, result.Items["data"].Outcome);
        Assert.Null(result.SealedSecret.Spec.EncryptedData);
        using var opened = Unsealer.Unseal(result.SealedSecret, ring, UnsealOptions.Default);
        Assert.Equal(vector.Expected()["legacy"], opened.Opened!.Secret.Data!["legacy"]);
    }

    private ResealResult Reseal(SealedSecret sealedSecret, bool hint) =>
        Resealer.Reseal(sealedSecret, ring, New.Certificate!, hint, UnsealOptions.Default);

    private static string Json(SealedSecret sealedSecret) => JsonSerializer.Serialize(sealedSecret, ApiJson.Compact.SealedSecret);
}
