using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External.Announcements;
using GitOpsSecrets.Providers.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>Tokens as Pub/Sub sends them, made after its documentation.</summary>
public sealed class GoogleProofTests : IAsyncLifetime
{
    private const string Audience = "https://events.example/v1/events/gcp";
    private const string Account = "pubsub@shop.iam.gserviceaccount.com";
    private const int Now = 1_700_000_000;

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(Now));
    private KeySetServer google = null!;
    private SigningCertificates certificates = null!;

    public async ValueTask InitializeAsync()
    {
        google = await KeySetServer.StartAsync();
        certificates = new SigningCertificates(google.Address, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), time);
    }

    public async ValueTask DisposeAsync()
    {
        certificates.Dispose();
        await google.DisposeAsync();
    }

    [Theory]
    [InlineData("nothing", "", true)]
    [InlineData("iss", "\"accounts.google.com\"", true)]
    [InlineData("iss", "\"https://accounts.google.com.example\"", false)]
    [InlineData("aud", "\"https://events.example/\"", false)]
    [InlineData("aud", "[\"https://events.example/v1/events/gcp\"]", false)]
    [InlineData("email", "\"another@shop.iam.gserviceaccount.com\"", false)]
    [InlineData("email_verified", "false", false)]
    [InlineData("email_verified", "\"true\"", false)]
    [InlineData("exp", "1699999941", true)]
    [InlineData("exp", "1699999940", false)]
    [InlineData("exp", "null", false)]
    [InlineData("exp", "\"1800000000\"", false)]
    [InlineData("iat", "1700000060", true)]
    [InlineData("iat", "1700000061", false)]
    public async Task A_token_is_good_when_each_of_its_claims_is(string claim, string value, bool isGenuine)
    {
        var claims = Claims();
        if (claim != "nothing") claims[claim] = JsonNode.Parse(value);
        Assert.Equal(isGenuine, await IsGenuineAsync(google.Token(claims)));
    }

    [Fact]
    public async Task A_token_that_somebody_else_signed_or_nobody_is_refused()
    {
        using var stranger = RSA.Create(2048);
        Assert.False(await IsGenuineAsync(google.Token(Claims(), signer: stranger)));
        Assert.False(await IsGenuineAsync(google.Token(Claims(), algorithm: "none")));
        Assert.False(await IsGenuineAsync(google.Token(Claims(), algorithm: "HS256")));
        var token = google.Token(Claims());
        Assert.True(await IsGenuineAsync(token));
        Assert.False(await IsGenuineAsync(token[..token.LastIndexOf('.')] + "."));
        Assert.False(await IsGenuineAsync(token[..token.LastIndexOf('.')]));
        Assert.False(await IsGenuineAsync(token + ".x"));
        var parts = token.Split('.');
        Assert.False(await IsGenuineAsync($"{parts[0]}.{KeySetServer.Part(With(Claims()))}.{parts[2]}"));
        Assert.False(await IsGenuineAsync("a.b.c"));
        Assert.False(await IsGenuineAsync("!.!.!"));
        Assert.False((await Proof().CheckAsync(new HeaderDictionary(), default, TestContext.Current.CancellationToken)).IsGenuine);
    }

    [Fact]
    public async Task Keys_are_asked_for_once_an_hour_and_however_many_unknown_ones_are_named_once_a_minute()
    {
        Assert.True(await IsGenuineAsync(google.Token(Claims())));
        Assert.True(await IsGenuineAsync(google.Token(Claims())));
        Assert.Equal(1, google.Requests);
        google.AddKey("second");
        Assert.False(await IsGenuineAsync(google.Token(Claims(), "second")));
        Assert.Equal(1, google.Requests);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await IsGenuineAsync(google.Token(Claims(), "second")));
        Assert.Equal(2, google.Requests);
        time.Advance(TimeSpan.FromMinutes(60));
        Assert.True(await IsGenuineAsync(google.Token(Claims())));
        Assert.Equal(3, google.Requests);
    }

    [Fact]
    public async Task Without_an_answer_known_keys_hold_for_a_day_and_of_others_it_is_not_known()
    {
        google.IsDown = true;
        await Assert.ThrowsAsync<AnnouncementException>(() => IsGenuineAsync(google.Token(Claims())));
        await Assert.ThrowsAsync<AnnouncementException>(() => IsGenuineAsync(google.Token(Claims())));
        Assert.Equal(1, google.Requests);
        google.IsDown = false;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await IsGenuineAsync(google.Token(Claims())));
        google.IsDown = true;
        time.Advance(TimeSpan.FromHours(23));
        Assert.True(await IsGenuineAsync(google.Token(Claims())));
        time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<AnnouncementException>(() => IsGenuineAsync(google.Token(Claims())));
    }

    private static JsonObject With(JsonObject claims)
    {
        claims["x"] = 1;
        return claims;
    }

    private JsonObject Claims()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = "https://accounts.google.com",
            ["aud"] = Audience,
            ["azp"] = "113774264463038321964",
            ["sub"] = "113774264463038321964",
            ["email"] = Account,
            ["email_verified"] = true,
            ["iat"] = now,
            ["exp"] = now + 3600,
        };
    }

    private GoogleProof Proof() => new(new GoogleCaller(Audience, Account, google.Address), certificates, time);

    private async Task<bool> IsGenuineAsync(string token) =>
        (await Proof().CheckAsync(new HeaderDictionary { ["Authorization"] = "Bearer " + token }, default, TestContext.Current.CancellationToken)).IsGenuine;
}
