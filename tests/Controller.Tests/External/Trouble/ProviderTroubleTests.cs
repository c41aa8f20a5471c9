using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>
/// What <see cref="StoreTroubleTests"/> shows of the controller, with every provider and its own simulator in trouble. The facts that need no controller are in the
/// contract tests of providers (docs/design/0036-trouble-with-every-provider.md has the table).
/// </summary>
public sealed class ProviderTroubleTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    // A store that can be asked whether it is well is not ready by then, and its users are not let through; then the condition's own time says since when.
    private static readonly string[] SinceWhen = ["the store has been failing since ", "SecretStore \"store\" is not ready: unable to validate store: "];

    public static TheoryData<string> Providers() => [.. TroubleStands.Names];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task An_hour_without_answers_keeps_the_Secrets_and_ends_without_a_stampede(string provider)
    {
        await using var stage = await TroubleStage.SetAsync(provider, TroubleFact.Outage, "10m");
        stage.Server.Trouble = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await stage.Users.PutAsync("after");
        stage.Server.Forget();
        var down = stage.Now;
        await stage.PassAsync(Step, () => stage.Now - down >= TimeSpan.FromHours(1));
        // Five failures close the door; then there is one call in 30 s, which may log in first.
        Assert.InRange(stage.Server.Requests, 5, 130);
        Assert.Equal(TroubleStage.Objects, await stage.Users.CountAsync("before"));
        // Who is asked in the one call that goes through is told the store's own words; the others, since when. Where one batch asks for all, all are told the store's.
        var isBatch = provider.StartsWith("aws ", StringComparison.Ordinal);
        string? since = null;
        for (var i = 0; i < 60 && since is null; i++)
        {
            var moment = stage.Now;
            await stage.PassAsync(Step, () => stage.Now - moment >= TimeSpan.FromMinutes(1));
            since = await stage.Users.FailingSinceAsync(message => isBatch || SinceWhen.Any(words => message.Contains(words, StringComparison.Ordinal)));
        }
        Assert.NotNull(since);
        Assert.InRange(ExternalStatus.Parse(since)!.Value - down, stage.Users.Notice - TimeSpan.FromMinutes(2), stage.Users.Notice + TimeSpan.FromMinutes(2));

        stage.Server.Trouble = null;
        stage.Server.Forget();
        var (most, all) = (0, 0);
        await stage.PassAsync(TimeSpan.FromSeconds(1), () =>
        {
            var requests = stage.Server.Requests - all;
            (most, all) = (Math.Max(most, requests), all + requests);
            return all >= TroubleStage.Objects;
        });
        // Woken one a second. A call may log in first, and two workers may do so at once; a stampede would be that of eight.
        Assert.InRange(most, 1, stage.RequestsAtOnce);
        var back = stage.Now;
        await stage.PassAsync(TimeSpan.FromSeconds(1), () => stage.Now - back >= TimeSpan.FromMinutes(1));
        await stage.Users.AllHaveAsync("after");
        await stage.Users.ReadyAsync(7, isReady: true);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_store_that_throttles_is_left_alone_for_as_long_as_it_asks(string provider)
    {
        const int Workers = 2;
        await using var stage = await TroubleStage.SetAsync(provider, TroubleFact.Throttling, "1m");
        stage.Server.Trouble = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "300";
            return Task.CompletedTask;
        };
        await stage.Users.PutAsync("after");
        stage.Server.Forget();
        await stage.PassAsync(Step, () => stage.Server.Requests > 0);
        var throttled = stage.Now;
        await stage.PassAsync(Step, () => stage.Now - throttled >= TimeSpan.FromMinutes(4.5));
        // Five different keys are the store's, and each worker may be on its way; for each of them there may be a login first.
        Assert.InRange(stage.Server.Requests, 1, (5 + Workers) * 2);
        Assert.Equal(TroubleStage.Objects, await stage.Users.CountAsync("before"));

        stage.Server.Trouble = null;
        stage.Server.Forget();
        await stage.PassAsync(Step, () => stage.Now - throttled >= TimeSpan.FromMinutes(9));
        await stage.Users.AllHaveAsync("after");
        await stage.Users.ReadyAsync(7, isReady: true);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_login_that_was_replaced_is_picked_up_without_a_restart(string provider)
    {
        Assert.SkipWhen(provider is "kubernetes" or "crd" && OwnClusters.AreReal, "kube-apiserver takes a token for ten seconds after it was withdrawn, and no clock of ours moves its own");
        await using var stage = await TroubleStage.SetAsync(provider, TroubleFact.Rotation, "1m");
        await stage.RotateAsync();
        await stage.Users.PutAsync("after");
        var ended = stage.Now;
        await stage.PassAsync(Step, () => stage.Now - ended >= TimeSpan.FromMinutes(2));
        Assert.Equal(TroubleStage.Objects, await stage.Users.CountAsync("before"));
        await stage.Users.ReadyAsync(7, isReady: false);

        await stage.WriteCredentialsAsync();
        var written = stage.Now;
        await stage.PassAsync(Step, () => stage.Now - written >= TimeSpan.FromMinutes(3));
        await stage.Users.AllHaveAsync("after");
        await stage.Users.ReadyAsync(7, isReady: true);
    }

    [Fact]
    public void Every_provider_of_the_catalog_that_has_a_server_is_in_trouble_here()
    {
        var tried = TroubleStands.Names.Select(name => name.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        // Behind it is no server.
        Assert.Equal(["fake"], Catalog.Providers().All.Select(provider => provider.Name).Except(tried, StringComparer.Ordinal));
        Assert.Contains("aws CertificateManager", TroubleStands.Names);
    }
}
