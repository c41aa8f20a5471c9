using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>What the original accepts although it is not what was sealed. Some of it is refused here; the rest nobody can tell.</summary>
public sealed class SopsMalleabilityTests
{
    [Theory]
    [InlineData("m02-trailing-after-bracket", SopsFailure.Value)]
    [InlineData("m04-json-duplicate-key", SopsFailure.Malformed)]
    [InlineData("m08-data-tag-split", SopsFailure.Value)]
    public async Task Another_spelling_of_the_same_file_is_refused(string id, SopsFailure expected)
    {
        var failure = await Assert.ThrowsAsync<SopsException>(async () => (await OpenAsync(id)).Dispose());
        Assert.Equal(expected, failure.Failure);
    }

    [Theory]
    [InlineData("m01-type-str-to-int")]
    [InlineData("m03-empty-key-added")]
    [InlineData("m05-colon-path")]
    [InlineData("m06-mac-only-namespace")]
    [InlineData("m07-lastmodified-fraction")]
    public async Task What_cannot_be_told_opens_as_it_does_for_the_original(string id)
    {
        using var open = await OpenAsync(id);
        Assert.Equal(SopsVector.Get(id).Plain!, open.Plain.ToBytes());
    }

    [Fact]
    public async Task A_changed_type_shows_as_another_kind_of_scalar()
    {
        using var open = await OpenAsync("m01-type-str-to-int");
        var pin = (ScalarNode)NodePath.Parse("[\"stringData\"][\"pin\"]").Get(open.Plain.Documents[0])!;
        Assert.Equal(ScalarKind.Whole, pin.Kind);
    }

    /// <summary>Every vector of the set is looked at by one of the tests above.</summary>
    [Fact]
    public void All_malleable_vectors_are_covered() => Assert.Equal(8, SopsVector.Malleable.Count);

    private static Task<OpenSopsFile> OpenAsync(string id)
    {
        var vector = SopsVector.Get(id);
        return SopsFile.Parse(vector.Sealed, vector.Format).OpenAsync(Keyrings.Of("age-a"), MacCheck.Required, null, TestContext.Current.CancellationToken);
    }
}
