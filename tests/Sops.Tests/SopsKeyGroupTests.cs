namespace GitOpsSecrets.Sops.Tests;

/// <summary>Files of several key groups.</summary>
public sealed class SopsKeyGroupTests
{
    public static TheoryData<string, string> EnoughKeys
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var vector in SopsVector.Cases.Where(v => v.Groups.Count > 0))
            {
                foreach (var names in Choices(vector.Groups).Where(n => n.Count >= vector.Threshold)) data.Add(vector.Id, string.Join(' ', names));
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EnoughKeys))]
    public async Task Keys_of_enough_groups_open_the_file(string id, string names)
    {
        var vector = SopsVector.Get(id);
        var file = SopsFile.Parse(vector.Sealed, vector.Format);
        using var open = await file.OpenAsync(Keyrings.Of(names.Split(' ')), MacCheck.Required, null, TestContext.Current.CancellationToken);
        Assert.Equal(vector.Plain!, open.Plain.ToBytes());
    }

    [Fact]
    public async Task Keys_of_too_few_groups_say_how_many_are_missing()
    {
        var vector = SopsVector.Get("20-yaml-keygroups-2of3");
        var file = SopsFile.Parse(vector.Sealed, vector.Format);
        var failure = await Assert.ThrowsAsync<SopsException>(() => file.OpenAsync(Keyrings.Of("age-b", "age-c"), MacCheck.Required, null, TestContext.Current.CancellationToken));
        Assert.Equal(SopsFailure.NoKey, failure.Failure);
        Assert.Contains("only 1 of 3 key groups opened, 2 are needed", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>No key or one key of each group, in all ways.</summary>
    private static IEnumerable<IReadOnlyList<string>> Choices(IReadOnlyList<IReadOnlyList<string>> groups) =>
        groups.Count == 0 ? [[]] : Choices([.. groups.Skip(1)]).SelectMany(rest => groups[0].Select(k => (IReadOnlyList<string>)[k, .. rest]).Prepend(rest));
}
