using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>Events as the services send them, over HTTPS.</summary>
public sealed class ServiceEventTests
{
    private const string Audience = "https://events.example/v1/events/gcp";
    private const string Account = "pubsub@shop.iam.gserviceaccount.com";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rotation_that_EventBridge_tells_of_is_in_the_Secret_by_one_call_to_AWS()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        aws.Secrets.Put("prod/db", """{"password":"old"}""");
        aws.Secrets.Put("prod/mail", """{"password":"old"}""");
        var stage = await ExternalStage.SetAsync();
        stage.Providers = new ProviderCatalog([new AwsProvider(name => name == "AWS_ENDPOINT_URL" ? aws.Address.ToString() : null)]);
        await using var events = await EventStage.SetAsync("[{name: aws, eventBridge: {tokenFiles: [TOKEN]}}]", null, stage);
        await stage.CreateSecretAsync("aws", ("id", "AKIATEST"), ("secret", "secret-of-the-test"));
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec: {provider: {aws: {service: SecretsManager, region: us-west-2, auth: {secretRef: {accessKeyIDSecretRef: {name: aws, key: id}, secretAccessKeySecretRef: {name: aws, key: secret}}}}}}
            """);
        foreach (var name in new[] { "db", "mail" })
        {
            await stage.ApplyAsync($$$"""
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                metadata: {name: {{{name}}}}
                spec: {refreshInterval: 1h, secretStoreRef: {name: store}, dataFrom: [{extract: {key: prod/{{{name}}}}}]}
                """);
            await stage.SecretAsync(name, "password", "old");
        }
        var before = Calls();

        aws.Secrets.Put("prod/db", """{"password":"hunter2"}""");
        aws.Secrets.Put("prod/mail", """{"password":"hunter2"}""");
        Assert.Equal(HttpStatusCode.Accepted, await events.TellWithTokenAsync("aws", Vector("event-bridge.json", "a rotation ended well, which is an event of the service itself")));
        await stage.SecretAsync("db", "password", "hunter2");
        Assert.Equal(before + 1, Calls());
        await stage.SecretAsync("mail", "password", "old");

        int Calls() => aws.Calls("GetSecretValue").Count + aws.Calls("BatchGetSecretValue").Count;
    }

    [Fact]
    public async Task Event_Grid_is_told_that_it_is_welcome_in_both_of_its_ways_and_still_needs_a_token()
    {
        await using var events = await EventStage.SetAsync("[{name: azure, eventGrid: {tokenFiles: [TOKEN]}}, {name: ci, generic: {keyFiles: [KEY]}}]");
        var body = """[{"id":"1","topic":"/subscriptions/s","subject":"","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6","validationUrl":"https://rp-eastus2.eventgrid.azure.net:553/x"}}]""";
        using var asked = events.Request("azure", body);
        asked.Headers.Add("aeg-event-type", "SubscriptionValidation");
        using var answer = await events.Http.SendAsync(asked, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}""", await answer.Content.ReadAsStringAsync(Stop));

        using var options = new HttpRequestMessage(HttpMethod.Options, new Uri(events.Controller.Announcements!.Address!, "/v1/events/azure"));
        options.Headers.Add("WebHook-Request-Origin", "eventgrid.azure.net");
        using var allowed = await events.Http.SendAsync(options, Stop);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("eventgrid.azure.net", Assert.Single(allowed.Headers.GetValues("WebHook-Allowed-Origin")));

        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellWithTokenAsync("azure", Vector("event-grid.json", "the same as a CloudEvent"), "a-token-of-a-stranger"));
        using var withoutToken = events.Request("azure", Vector("event-grid.json", "the same as a CloudEvent"), "application/cloudevents+json; charset=utf-8");
        Assert.Equal(HttpStatusCode.Unauthorized, await events.SendAsync(withoutToken));
        using var withToken = events.Request("azure", Vector("event-grid.json", "the same as a CloudEvent"), "application/cloudevents+json; charset=utf-8");
        withToken.Headers.Authorization = new AuthenticationHeaderValue("Bearer", EventStage.Token);
        Assert.Equal(HttpStatusCode.Accepted, await events.SendAsync(withToken));
    }

    [Theory]
    [InlineData("azure", """[{"data":{"validationCode":"<script>"}}]""", HttpStatusCode.BadRequest)]
    [InlineData("azure", """[{"data":{}}]""", HttpStatusCode.BadRequest)]
    [InlineData("azure", "no JSON", HttpStatusCode.BadRequest)]
    [InlineData("ci", """[{"data":{"validationCode":"512d38b6"}}]""", HttpStatusCode.Unauthorized)]
    public async Task Nothing_but_a_code_is_repeated_and_that_by_a_source_of_Event_Grid_alone(string source, string body, HttpStatusCode status)
    {
        await using var events = await EventStage.SetAsync("[{name: azure, eventGrid: {tokenFiles: [TOKEN]}}, {name: ci, generic: {keyFiles: [KEY]}}]");
        using var asked = events.Request(source, body);
        asked.Headers.Add("aeg-event-type", "SubscriptionValidation");
        Assert.Equal(status, await events.SendAsync(asked));
    }

    [Fact]
    public async Task A_message_of_Pub_Sub_is_taken_with_the_token_of_its_service_account_alone()
    {
        await using var google = await KeySetServer.StartAsync();
        await using var events = await EventStage.SetAsync($"[{{name: gcp, pubSub: {{audience: \"{Audience}\", serviceAccount: {Account}, certificatesUrl: \"{google.Address}\"}}}}]");
        var body = Vector("pub-sub.json", "a version was added");
        Assert.Equal(HttpStatusCode.Accepted, await events.TellWithTokenAsync("gcp", body, google.Token(Claims(Account))));
        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellWithTokenAsync("gcp", body, google.Token(Claims("another@shop.iam.gserviceaccount.com"))));
    }

    [Fact]
    public async Task Where_it_cannot_be_told_who_is_genuine_the_service_is_asked_to_come_again()
    {
        await using var google = await KeySetServer.StartAsync();
        google.IsDown = true;
        await using var events = await EventStage.SetAsync($"[{{name: gcp, pubSub: {{audience: \"{Audience}\", serviceAccount: {Account}, certificatesUrl: \"{google.Address}\"}}}}]");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await events.TellWithTokenAsync("gcp", "{}", google.Token(Claims(Account))));
        Assert.Contains("cannot tell whether an event of gcp is genuine", events.Stage.Log.ToString(), StringComparison.Ordinal);
    }

    private static JsonObject Claims(string account)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new() { ["iss"] = "https://accounts.google.com", ["aud"] = Audience, ["email"] = account, ["email_verified"] = true, ["iat"] = now, ["exp"] = now + 3600 };
    }

    private static string Vector(string file, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "tests", "vectors", "events", file)));
        return document.RootElement.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name).GetProperty("body").GetRawText();
    }
}
