using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers.Tests.Declared;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>
/// What the controller relies on with every provider, whatever it speaks to. A new provider keeps it by a stand and an empty class that derives
/// from this one; <see cref="CatalogTests"/> sees to it that there is one.
/// </summary>
public abstract class ProviderContractTests : ProviderTroubleContractTests
{
    private static readonly Dictionary<string, string> Login = new(StringComparer.Ordinal) { ["user"] = "tom", ["password"] = Secret };

    [Fact]
    public async Task A_secret_that_is_there_is_found_and_so_is_its_property()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        Assert.Equal(Secret, await source.TextAsync(new("credentials", "password")));
        Assert.Equal("tom", await source.TextAsync(new("credentials", "user")));
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_null_and_no_failure()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        await IsMissingAsync(source, new("absent"));
        await IsMissingAsync(source, new("absent", "password"));
    }

    [Fact]
    public async Task A_property_that_is_not_there_is_told_without_a_value()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials", "nobody")), Stop);
        if (Stand.MissingPropertyIsMissingSecret)
        {
            Assert.Null(secret!.Value("nobody"));
            Assert.Null(secret.Values("nobody"));
            return;
        }

        var failure = Assert.Throws<ProviderException>(() => secret!.Value("nobody"));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("nobody", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_has_every_key_and_value()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials")), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal(["password", "user"], values.Keys);
        Assert.Equal(Secret, Encoding.UTF8.GetString(values.Find("password")!));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_stay_as_they_are()
    {
        byte[] bytes = [0, 1, 0xff, 0xfe, 13, 10, 0xc3, 0x28];
        if (await Stand.PutBytesAsync("picture", bytes) is not { } reference)
        {
            Assert.Skip("this store keeps text only");
            return;
        }

        await using var source = await Stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(reference), Stop);
        Assert.Equal(bytes, secret!.Value(reference.Property));
    }

    [Fact]
    public async Task A_version_is_the_one_that_is_named()
    {
        if (await Stand.PutVersionsAsync("credentials", "first", "second") is not { } versions)
        {
            Assert.Skip("this store knows no versions");
            return;
        }

        await using var source = await Stand.OpenAsync();
        Assert.Equal("first", await source.TextAsync(versions.First));
        Assert.Equal("second", await source.TextAsync(versions.Second));
        Assert.NotEqual(source.RequestFor(versions.First), source.RequestFor(versions.Second));
    }

    [Fact]
    public async Task What_is_taken_out_is_the_takers_own_and_nothing_comes_out_after_disposal()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        var secret = (await source.FetchAsync(source.RequestFor(new("credentials", "password")), Stop))!;
        var first = secret.Value("password")!;
        Array.Clear(first);
        Assert.Equal(Secret, Encoding.UTF8.GetString(secret.Value("password")!));
        Assert.True(secret.Size >= Secret.Length);
        secret.Dispose();
        // Zeroes in place of a value would be written into somebody's Secret.
        Assert.Throws<ObjectDisposedException>(() => secret.Value("password"));
        Assert.Throws<ObjectDisposedException>(() => secret.Values(null));
    }

    [Fact]
    public async Task No_answer_says_aloud_what_it_holds()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials")), Stop);
        Assert.DoesNotContain(Secret, secret!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, source.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Stand.Calls.Calls, call => call.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_may_ask_at_once()
    {
        for (var i = 0; i < 4; i++) await Stand.PutAsync($"credentials{i}", new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = $"value-{i}" });
        await using var source = await Stand.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => source.TextAsync(new($"credentials{i % 4}", "password"))));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"value-{i % 4}"), answers);
    }

    [Fact]
    public async Task A_caller_that_has_given_up_gets_no_answer()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.FetchAsync(source.RequestFor(new("credentials")), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task What_is_pushed_is_there_until_it_is_deleted()
    {
        await using var source = await Stand.OpenAsync();
        if (source is not IPush push)
        {
            Assert.Skip("this store is read only");
            return;
        }

        var (place, reference) = Stand.Pushed("pushed");
        Assert.False(await push.ExistsAsync(place, Stop));
        await push.DeleteAsync(place, Stop);
        foreach (var value in (string[])["first", "first", "second"])
        {
            using var item = new SecretValues();
            item.Set("item", Encoding.UTF8.GetBytes(value));
            await push.PushAsync(new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), Stand.PushMetadata), Stop);
            // The source Secret stays the caller's.
            Assert.Equal(value, Encoding.UTF8.GetString(item.Find("item")!));
            Assert.True(await push.ExistsAsync(place, Stop));
            Assert.Equal(value, await source.TextAsync(reference));
        }

        await push.DeleteAsync(place, Stop);
        Assert.False(await push.ExistsAsync(place, Stop));
        await IsMissingAsync(source, reference);
        await push.DeleteAsync(place, Stop);
    }

    [Fact]
    public async Task An_item_that_the_source_Secret_does_not_have_is_not_pushed()
    {
        await using var source = await Stand.OpenAsync();
        if (source is not IPush push)
        {
            Assert.Skip("this store is read only");
            return;
        }

        var (place, _) = Stand.Pushed("pushed");
        using var item = new SecretValues();
        item.Set("other", Encoding.UTF8.GetBytes(Secret));
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            push.PushAsync(new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), Stand.PushMetadata), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        Assert.False(await push.ExistsAsync(place, Stop));
    }

    [Fact]
    public async Task Metadata_tell_the_tag_and_are_another_question_than_the_value()
    {
        if (await Stand.PutTaggedAsync("credentials", Login, "team", "payments") is not { } reference)
        {
            Assert.Skip("this store has no tags");
            return;
        }

        await using var source = await Stand.OpenAsync();
        Assert.Equal("payments", await source.TextAsync(reference));
        Assert.NotEqual(source.RequestFor(reference), source.RequestFor(new("credentials")));
        Assert.Equal(Secret, await source.TextAsync(new("credentials", "password")));
        using var whole = await source.FetchAsync(source.RequestFor(reference with { Property = null }), Stop);
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(whole!.Value(null)!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_by_tags_wants_the_value_too_and_a_name_besides_counts()
    {
        if (await Stand.PutTaggedAsync("team-one", Login, "team", "payments") is null)
        {
            Assert.Skip("this store has no tags");
            return;
        }

        await Stand.PutTaggedAsync("team-two", Login, "team", "shipping");
        await Stand.PutTaggedAsync("other", Login, "team", "payments");
        await Stand.PutAsync("plain", Login);
        await using var source = (IFind)await Stand.OpenAsync();
        var tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "payments" };
        using var found = await source.FindAsync(new FindRequest(null, null, tags), Stop);
        Assert.Equal(["other", "team-one"], found!.Keys);
        using var both = await source.FindAsync(new FindRequest(null, "^team", tags), Stop);
        Assert.Equal(["team-one"], both!.Keys);
        Assert.Contains(Secret, Encoding.UTF8.GetString(both.Find("team-one")!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("metadataPolicy")]
    public async Task A_field_of_a_reference_counts_is_refused_or_is_told(string field)
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        var remote = new RemoteRef { Key = "credentials", Property = "password", Version = field == "version" ? "4711" : null, MetadataPolicy = field == "version" ? null : MetadataPolicy.Fetch };
        var isTold = source.Unused(remote).Contains("remoteRef." + field);
        // What was recorded is the same whatever version was asked for.
        if (!isTold && field == "version" && Stand is RecordedStand) return;
        try
        {
            Assert.Equal(await source.TextAsync(EntryRules.ReferenceOf(remote)) == Secret, isTold);
        }
        catch (ProviderException)
        {
            Assert.False(isTold);
        }
    }

    [Theory]
    [InlineData("path")]
    [InlineData("tags")]
    public async Task A_field_of_a_search_counts_is_refused_or_is_told(string field)
    {
        await Stand.PutAsync("credentials", Login);
        await using var opened = await Stand.OpenAsync();
        if (opened is not IFind source)
        {
            Assert.Skip("this store cannot be searched");
            return;
        }

        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (field == "tags") tags["nobody"] = "has-this";
        var request = new FindRequest(field == "path" ? "nowhere" : null, ".", tags);
        var isTold = source.Unused(request).Contains(field);
        try
        {
            using var found = await source.FindAsync(request, Stop);
            Assert.Equal(found is { Count: > 0 }, isTold);
        }
        catch (ProviderException)
        {
            Assert.False(isTold);
        }
    }

    [Fact]
    public async Task Metadata_of_a_push_count_are_refused_or_are_told()
    {
        await using var opened = await Stand.OpenAsync();
        if (opened is not IPush source)
        {
            Assert.Skip("this store is read only");
            return;
        }

        using var unheard = JsonDocument.Parse("""{"nobody":"reads this"}""");
        try
        {
            Assert.Contains("metadata", await PushAsync(source, Stand.Pushed("pushed").Place, unheard.RootElement));
        }
        catch (ProviderException)
        {
            // It was heard, and refused.
        }
    }

    [Fact]
    public async Task A_property_of_a_push_counts_is_refused_or_is_told()
    {
        await using var opened = await Stand.OpenAsync();
        if (opened is not IPush source)
        {
            Assert.Skip("this store is read only");
            return;
        }

        try
        {
            var (place, reference) = Stand.Pushed("pushed");
            var told = await PushAsync(source, place with { Property = "one" }, Stand.PushMetadata);
            var first = await source.TextAsync(reference with { Property = null });
            await PushAsync(source, place with { Property = "another" }, Stand.PushMetadata);
            Assert.Equal(await source.TextAsync(reference with { Property = null }) == first, told.Contains("match.remoteRef.property"));
        }
        catch (ProviderException)
        {
            // It was heard, and refused.
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("one")]
    public async Task A_pushed_item_that_is_no_text_stays_as_it_is_or_is_refused_or_told(string? property)
    {
        await using var opened = await Stand.OpenAsync();
        if (opened is not IPush source)
        {
            Assert.Skip("this store is read only");
            return;
        }

        byte[] bytes = [(byte)'a', 0xff, (byte)'b'];
        using var item = new SecretValues();
        item.Set("item", [.. bytes]);
        var (place, reference) = Stand.Pushed("pushed");
        if (property is not null) (place, reference) = (place with { Property = property }, reference with { Property = property });
        var request = new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), Stand.PushMetadata);
        try
        {
            await source.PushAsync(request, Stop);
        }
        catch (ProviderException failure) when (failure.Kind == ProviderFailureKind.Invalid)
        {
            return;
        }

        if (request.Garbled.Count > 0)
        {
            Assert.Equal(["item"], request.Garbled);
            return;
        }

        if (request.Unused.Contains(PushRequest.Property)) reference = reference with { Property = null };
        using var secret = await source.FetchAsync(source.RequestFor(reference), Stop);
        Assert.Equal(bytes, secret!.Value(reference.Property));
    }

    private static async Task<IReadOnlyCollection<string>> PushAsync(IPush source, RemotePlace place, JsonElement? metadata)
    {
        using var item = new SecretValues();
        item.Set("item", Encoding.UTF8.GetBytes(Secret));
        var request = new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), metadata);
        await source.PushAsync(request, Stop);
        return request.Unused;
    }

    [Fact]
    public async Task What_is_asked_together_is_answered_each_for_itself()
    {
        for (var i = 0; i < 4; i++) await Stand.PutAsync($"credentials{i}", new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = $"value-{i}" });
        await using var source = await Stand.OpenAsync();
        if (source is not IBatchFetch batch)
        {
            Assert.Skip("this store answers for one secret at a time");
            return;
        }

        Assert.True(batch.BatchSize > 1);
        var requests = Enumerable.Range(0, 4).Select(i => batch.RequestFor(new($"credentials{i}", "password"))).Append(batch.RequestFor(new("absent", "password"))).ToList();
        // Other objects' keys come along in a batch, and they may be nonsense.
        requests.Add(batch.RequestFor(new("", "password")));
        var outcomes = await batch.FetchManyAsync(requests, Stop);
        Assert.Null(outcomes[requests[5]].Secret);
        Assert.Equal(["value-0", "value-1", "value-2", "value-3"], requests[..4].Select(request => Encoding.UTF8.GetString(outcomes[request].Secret!.Value("password")!)));
        Assert.Null(outcomes[requests[4]].Secret);
        Assert.Equal(Stand.MissingIsFailure ? ProviderFailureKind.Invalid : null, outcomes[requests[4]].Failure?.Kind);
        Assert.InRange(Stand.Calls.Calls.Count, 1, 2);
        foreach (var outcome in outcomes.Values) outcome.Secret?.Dispose();
    }

    [Fact]
    public async Task A_store_that_is_well_does_not_say_otherwise()
    {
        await Stand.PutAsync("credentials", Login);
        await using var source = await Stand.OpenAsync();
        if (source is not IValidate validate)
        {
            Assert.Skip("this store cannot be tried");
            return;
        }

        var verdict = await validate.ValidateAsync(Stop);
        Assert.True(verdict.Kind != StoreValidityKind.Invalid, verdict.Cause);
    }

    [Fact]
    public async Task A_search_by_name_finds_what_matches_somewhere()
    {
        foreach (var key in (string[])["team-one", "team-two", "other"]) await Stand.PutAsync(key, Login);
        await using var source = await Stand.OpenAsync();
        if (source is not IFind find)
        {
            Assert.Skip("this store cannot be searched");
            return;
        }

        if (!Stand.FindsSecrets) Assert.Skip("a search of this store finds what is in secrets, as its recorded exchanges show");

        using var found = await find.FindAsync(new FindRequest(null, "eam-(one|two)$", new Dictionary<string, string>()), Stop);
        Assert.Equal(["team-one", "team-two"], found!.Keys);
        Assert.Contains(Secret, Encoding.UTF8.GetString(found.Find("team-one")!), StringComparison.Ordinal);
        using var none = await find.FindAsync(new FindRequest(null, "^nothing$", new Dictionary<string, string>()), Stop);
        Assert.True(none is null or { Count: 0 });
    }

    private async Task IsMissingAsync(ISecretSource source, RemoteReference reference)
    {
        if (!Stand.MissingIsFailure)
        {
            Assert.Null(await source.FetchAsync(source.RequestFor(reference), Stop));
            return;
        }

        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(reference), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains(reference.Key, failure.Message, StringComparison.Ordinal);
    }
}
