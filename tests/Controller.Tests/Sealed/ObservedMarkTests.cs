using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;

namespace GitOpsSecrets.Controller.Tests.Sealed;

public sealed class ObservedMarkTests
{
    private static readonly SealedSecret Source = new()
    {
        Metadata = new ObjectMeta { Namespace = "shop", Name = "db", Uid = "u", Generation = 3, ResourceVersion = "9" },
        Spec = new SealedSecretSpec { EncryptedData = new(StringComparer.Ordinal) { ["a"] = "AgA=" } },
    };

    [Theory]
    [InlineData("true", null, true)]
    [InlineData("true", "true", false)]
    [InlineData("false", null, false)]
    [InlineData(null, null, false)]
    public void A_secret_that_is_only_open_to_patches_is_lent(string? patch, string? managed, bool lent) =>
        Assert.Equal(lent, new ObservedMark("x", ObservedMark.HashSecret("u", "1", patch, managed)).IsOfLentSecret);

    [Fact]
    public void A_mark_reads_back_as_written()
    {
        var mark = new ObservedMark(ObservedMark.HashInputs(Source, true), ObservedMark.HashSecret("u", "1", null, null));
        Assert.Equal(mark, ObservedMark.TryParse(mark.ToString()));
        Assert.Null(ObservedMark.TryParse("anything"));
        Assert.Null(ObservedMark.TryParse(null));
    }

    [Fact]
    public void What_does_not_decide_about_the_Secret_does_not_change_the_mark()
    {
        var touched = Source with
        {
            Metadata = Source.Metadata with { Generation = 4, ResourceVersion = "10", Labels = new(StringComparer.Ordinal) { ["a"] = "b" } },
            Status = new SealedSecretStatus { ObservedGeneration = 3 },
        };
        Assert.Equal(ObservedMark.HashInputs(Source, true), ObservedMark.HashInputs(touched, true));
    }

    [Fact]
    public void Each_input_changes_the_mark()
    {
        var annotated = Source with { Metadata = Source.Metadata with { Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.ClusterWide] = "true" } } };
        string[] marks =
        [
            ObservedMark.HashInputs(Source, true),
            ObservedMark.HashInputs(Source, false),
            ObservedMark.HashInputs(annotated, true),
            ObservedMark.HashInputs(Source with { Metadata = Source.Metadata with { Uid = "v" } }, true),
            ObservedMark.HashInputs(Source with { Metadata = Source.Metadata with { Namespace = "shopdb", Name = "" } }, true),
            ObservedMark.HashInputs(Source with { Spec = Source.Spec with { Data = "Ag==" } }, true),
            ObservedMark.HashInputs(Source with { Spec = Source.Spec with { Template = new SecretTemplateSpec { Type = "Opaque" } } }, true),
        ];
        Assert.Equal(marks.Length, marks.Distinct().Count());
    }
}
