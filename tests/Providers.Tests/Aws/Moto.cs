using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws;

/// <summary>moto (https://docs.getmoto.org), an emulator of AWS that others wrote. Its address is in <c>MOTO_URL</c>; <c>.ci/run</c> starts one.</summary>
internal static class Moto
{
    private const string UsualRegion = "eu-west-1";

    /// <summary>Skips the test where there is none.</summary>
    public static Uri Address()
    {
        var url = Environment.GetEnvironmentVariable("MOTO_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(url), "no moto here: set MOTO_URL to the address of a moto_server");
        return new Uri(url!);
    }

    /// <returns>The ARN of a new key of KMS.</returns>
    public static async Task<string> CreateKeyAsync(Uri moto, string region = UsualRegion) => (string)(await AskAsync(moto, "kms", "TrentService.CreateKey", [], region))["KeyMetadata"]!["Arn"]!;

    /// <summary>Prepares what a test needs there; moto verifies no signature.</summary>
    /// <param name="service">As signatures name it.</param>
    /// <param name="target">The prefix of the service, a dot, and the operation.</param>
    public static async Task<JsonObject> AskAsync(Uri moto, string service, string target, JsonObject body, string region = UsualRegion)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, moto);
        request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/x-amz-json-1.1"));
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        var day = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=AKIATEST/{day}/{region}/{service}/aws4_request, SignedHeaders=host, Signature=00");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
    }
}
