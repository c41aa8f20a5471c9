using System.Text;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>Reading and searching Secret Manager.</summary>
public sealed class GoogleReadingTests : IAsyncLifetime
{
    private GoogleSetUp set = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => set = await GoogleSetUp.MakeAsync();

    public ValueTask DisposeAsync() => set.DisposeAsync();

    [Fact]
    public async Task The_latest_version_is_read_and_a_version_by_its_number()
    {
        set.Put("db", "old", "new");
        await using var source = await set.OpenAsync();
        Assert.Equal("new", await source.TextAsync(new("db")));
        Assert.Equal("old", await source.TextAsync(new("db", Version: "1")));
        Assert.Null(await source.FetchAsync(source.RequestFor(new("db", Version: "3")), Ending));
    }

    [Fact]
    public async Task A_regional_secret_is_asked_of_its_region()
    {
        set.Google.Secret("projects/my-project/locations/europe-west3/secrets/db").Add("here"u8.ToArray());
        await using var source = await set.OpenAsync(change: options => options["location"] = "europe-west3");
        Assert.Equal("here", await source.TextAsync(new("db")));
        Assert.Equal("https://secretmanager.europe-west3.rep.googleapis.com/", new Providers.Google.GoogleSurroundings().Service("SECRETMANAGER", "secretmanager.europe-west3.rep.googleapis.com").ToString());
    }

    [Fact]
    public async Task A_disabled_latest_version_fails_by_default()
    {
        set.Put("db", "old", "new");
        set.Google.Find("projects/my-project/secrets/db")!.Versions[1].State = "DISABLED";
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new("db")), Ending));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("disabled or destroyed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_LatestOrFetch_the_newest_enabled_version_is_read_instead()
    {
        set.Put("db", "first", "second", "third", "fourth", "fifth");
        var secret = set.Google.Find("projects/my-project/secrets/db")!;
        (secret.Versions[4].State, secret.Versions[3].State) = ("DESTROYED", "DISABLED");
        await using var source = await set.OpenAsync(change: options => options["secretVersionSelectionPolicy"] = "LatestOrFetch");
        Assert.Equal("third", await source.TextAsync(new("db")));
        // Who names a version means it.
        await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new("db", Version: "4")), Ending));
    }

    [Fact]
    public async Task A_name_with_dots_is_a_property_before_it_is_a_path()
    {
        set.Put("db", """{"tls.crt":"whole","tls":{"crt":"nested","key":"k"},"n":12345678901234567890}""");
        await using var source = await set.OpenAsync();
        Assert.Equal("whole", await source.TextAsync(new("db", "tls.crt")));
        Assert.Equal("k", await source.TextAsync(new("db", "tls.key")));
        Assert.Equal("12345678901234567890", await source.TextAsync(new("db", "n")));
    }

    [Fact]
    public async Task A_property_of_what_is_not_JSON_is_refused()
    {
        set.Put("db", """{"a":"b"} and more""");
        await using var source = await set.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("db", "a")), Ending);
        Assert.Contains("not JSON", Assert.Throws<ProviderException>(() => secret!.Value("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_and_annotations_are_fetched_whole_by_part_and_one_by_one()
    {
        var secret = set.Google.Secret("projects/my-project/secrets/db");
        secret.Labels["team"] = "a";
        secret.Annotations["example.com/owner"] = "<me>";
        await using var source = await set.OpenAsync();
        async Task<string?> Fetch(string? property) => await source.TextAsync(new("db", property, FetchMetadata: true));
        Assert.Equal("a", await Fetch("labels.team"));
        Assert.Equal("<me>", await Fetch("annotations.example.com/owner"));
        Assert.Equal("""{"team":"a"}""", await Fetch("labels"));
        Assert.Contains("\"labels\":{\"team\":\"a\"}", await Fetch(null), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ProviderException>(() => Fetch("labels.nobody"));
        await Assert.ThrowsAsync<ProviderException>(() => Fetch("something"));
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent", FetchMetadata: true)), Ending));
    }

    [Fact]
    public async Task A_payload_that_does_not_fit_its_checksum_is_not_taken()
    {
        set.Put("db", "value");
        set.Google.Find("projects/my-project/secrets/db")!.Versions[0].WrongChecksum = "1";
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new("db")), Ending));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
    }

    [Theory]
    [InlineData("../other/secrets/db")]
    [InlineData("a/b")]
    [InlineData("db?x=y")]
    [InlineData("")]
    public async Task A_key_that_is_no_name_of_a_secret_is_not_asked_for(string key)
    {
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new(key)), Ending));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Google.Seen);
    }

    [Fact]
    public async Task A_search_goes_through_all_pages_and_reads_only_what_matches()
    {
        set.Put("app-db", "1");
        set.Put("app-mail", "2");
        set.Put("my-app-db", "3");
        set.Put("app-cache", "4");
        set.Google.Secret("projects/my-project/secrets/app-empty");
        await using var source = await set.OpenAsync();
        using var found = await ((IFind)source).FindAsync(new FindRequest("app-", "(db|mail|empty)$", new Dictionary<string, string>()), Ending);
        Assert.Equal(["app-db", "app-mail"], found!.Keys);
        Assert.Equal("2", Encoding.UTF8.GetString(found.Find("app-mail")!));
        Assert.Equal(3, set.Google.To(":access").Count);
    }

    [Fact]
    public async Task A_search_by_tags_looks_in_the_region_of_the_store()
    {
        foreach (var (name, team) in new[] { ("one", "a"), ("two", "b"), ("three", "a") })
        {
            var secret = set.Google.Secret("projects/my-project/locations/europe-west3/secrets/" + name);
            secret.Labels["team"] = team;
            secret.Add(Encoding.UTF8.GetBytes(name));
        }
        await using var source = await set.OpenAsync(change: options => options["location"] = "europe-west3");
        using var found = await ((IFind)source).FindAsync(new FindRequest(null, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "a" }), Ending);
        Assert.Equal(["one", "three"], found!.Keys);
        await Assert.ThrowsAsync<ProviderException>(() => ((IFind)source).FindAsync(new FindRequest(null, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "a OR b" }), Ending));
    }
}
