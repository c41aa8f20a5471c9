using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Controller.External.Announcements;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

public sealed class SignedProofTests : IDisposable
{
    private const string Body = "{\"provider\":\"vault\",\"key\":\"a\"}";
    private const string OldKey = "an older key of twenty-four";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider time = new(Now);

    // What is changed after signing, and whether it is still genuine.
    [Theory]
    [InlineData("nothing", true)]
    [InlineData("body", false)]
    [InlineData("id", false)]
    [InlineData("timestamp", false)]
    [InlineData("key", false)]
    [InlineData("old key", true)]
    [InlineData("no id", false)]
    [InlineData("no timestamp", false)]
    [InlineData("no signature", false)]
    [InlineData("two ids", false)]
    [InlineData("an endless id", false)]
    [InlineData("truncated signature", false)]
    [InlineData("signature with more behind it", false)]
    [InlineData("no version", false)]
    [InlineData("another version", false)]
    [InlineData("not base64", false)]
    [InlineData("a wrong one before it", true)]
    [InlineData("eleventh", false)]
    [InlineData("timestamp of text", false)]
    [InlineData("timestamp without end", false)]
    [InlineData("negative timestamp", false)]
    public async Task A_request_is_genuine_when_all_of_it_was_signed_with_one_of_the_keys(string change, bool isGenuine)
    {
        var timestamp = Seconds(Now);
        var (id, key, body) = ("msg_1", EventStage.Key, Body);
        if (change == "key") key = "a key that nobody here has";
        if (change == "old key") key = OldKey;
        if (change == "an endless id") id = new string('i', 257);
        timestamp = change switch { "timestamp of text" => "now", "timestamp without end" => "99999999999999999", "negative timestamp" => "-1", _ => timestamp };
        var signature = Sign(id, timestamp, body, key);
        var headers = Headers(id, timestamp, signature);
        switch (change)
        {
            case "body": body += " "; break;
            case "id": headers["webhook-id"] = "msg_2"; break;
            case "timestamp": headers["webhook-timestamp"] = Seconds(Now.AddSeconds(1)); break;
            case "no id": headers.Remove("webhook-id"); break;
            case "no timestamp": headers.Remove("webhook-timestamp"); break;
            case "no signature": headers.Remove("webhook-signature"); break;
            case "two ids": headers["webhook-id"] = new[] { id, id }; break;
            case "truncated signature": headers["webhook-signature"] = "v1," + Convert.ToBase64String(Convert.FromBase64String(signature[3..])[..16]); break;
            case "signature with more behind it": headers["webhook-signature"] = signature + "AAAA"; break;
            case "no version": headers["webhook-signature"] = signature[3..]; break;
            case "another version": headers["webhook-signature"] = "v2" + signature[2..]; break;
            case "not base64": headers["webhook-signature"] = "v1,!" + signature[4..]; break;
            case "a wrong one before it": headers["webhook-signature"] = Sign(id, timestamp, body, "a key that nobody here has") + " " + signature; break;
            case "eleventh": headers["webhook-signature"] = string.Concat(Enumerable.Repeat("v1,AAAA ", 10)) + signature; break;
        }
        Assert.Equal(isGenuine, (await CheckAsync(headers, body)).IsGenuine);
    }

    // Seconds between the sender's clock and ours.
    [Theory]
    [InlineData(0, true)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public async Task A_request_holds_for_five_minutes_before_and_after(int seconds, bool isGenuine)
    {
        var timestamp = Seconds(Now.AddSeconds(seconds));
        var found = await CheckAsync(Headers("msg_1", timestamp, Sign("msg_1", timestamp, Body, EventStage.Key)), Body);
        Assert.Equal(isGenuine, found.IsGenuine);
        if (isGenuine) Assert.Equal(("msg_1", Now.AddSeconds(seconds + 300)), (found.Id, found.Until));
    }

    [Fact]
    public async Task A_key_in_the_form_of_Standard_Webhooks_is_taken_and_its_published_example_holds()
    {
        // The example of the specification's reference libraries.
        await File.WriteAllTextAsync(Path.Combine(folder, "keys"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", TestContext.Current.CancellationToken);
        var proof = new SignedProof([Path.Combine(folder, "keys")], new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_614_265_330)));
        var headers = Headers("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        Assert.True((await proof.CheckAsync(headers, Encoding.UTF8.GetBytes("{\"test\": 2432232314}"), TestContext.Current.CancellationToken)).IsGenuine);
    }

    [Fact]
    public async Task What_the_guide_signs_by_hand_with_a_key_that_it_made_is_genuine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the guide is for a shell");
        var key = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        var page = await File.ReadAllTextAsync(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "events.md"), TestContext.Current.CancellationToken);
        var lines = page[page.IndexOf("    id=$(openssl", StringComparison.Ordinal)..page.IndexOf("    curl -H \"webhook-id", StringComparison.Ordinal)];
        var start = new ProcessStartInfo("/bin/sh", ["-c", lines + "printf '%s\n' \"$id\" \"$now\" \"v1,$signature\" \"$body\""]) { RedirectStandardOutput = true, Environment = { ["KEY"] = key } };
        using var shell = Process.Start(start)!;
        var said = (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(said[0].Length == 0, "openssl is not on the PATH");

        var file = Path.Combine(folder, "made");
        await File.WriteAllTextAsync(file, key + "\n", TestContext.Current.CancellationToken);
        var proof = new SignedProof([file], new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(long.Parse(said[1], CultureInfo.InvariantCulture))));
        var headers = new HeaderDictionary { ["webhook-id"] = said[0], ["webhook-timestamp"] = said[1], ["webhook-signature"] = said[2] };
        Assert.True((await proof.CheckAsync(headers, Encoding.UTF8.GetBytes(said[3]), TestContext.Current.CancellationToken)).IsGenuine);
    }

    [Theory]
    [InlineData("tiny", "shorter than 16 bytes")]
    [InlineData("\n \n", "holds no key")]
    [InlineData("whsec_!!!", "is not base64")]
    [InlineData(null, "cannot be read")]
    public void A_file_that_is_no_use_is_named_without_what_is_in_it(string? content, string problem)
    {
        var file = Path.Combine(folder, "bad");
        if (content is not null) File.WriteAllText(file, content);
        var found = Assert.Single(SharedKeys.ProblemsOf([file], isSigning: true));
        Assert.StartsWith(file, found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
        if (content?.Trim() is { Length: > 0 } text) Assert.DoesNotContain(text, found[file.Length..], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Sign(string id, string timestamp, string body, string key) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));

    private static HeaderDictionary Headers(string id, string timestamp, string signature) =>
        new() { ["webhook-id"] = id, ["webhook-timestamp"] = timestamp, ["webhook-signature"] = signature };

    private Task<ProofFinding> CheckAsync(HeaderDictionary headers, string body)
    {
        var file = Path.Combine(folder, "keys");
        File.WriteAllText(file, $"{EventStage.Key}\n{OldKey}\n");
        return new SignedProof([file], time).CheckAsync(headers, Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
    }
}
