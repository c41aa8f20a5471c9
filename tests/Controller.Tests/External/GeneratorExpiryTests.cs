using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Values that end: a generator makes others before, whatever the interval says. A minute's life, in virtual time.</summary>
public sealed class GeneratorExpiryTests
{
    private const string Hourly = "refreshInterval: 1h";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Two thirds of the life, and up to a tenth of that sooner; it is noticed a step later.</summary>
    private static readonly (TimeSpan First, TimeSpan Last) Renewal = (TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(42));

    private readonly FakeTimeProvider time = new(new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero));

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Hourly)]
    [InlineData(Hourly + "\n  syncWindows: {kind: deny, windows: [{schedule: '0 0 * * *', duration: 24h}]}")]
    public async Task What_ends_is_made_anew_in_time_again_and_again(string refresh)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Counting.LifeOf = _ => Life;
        var controller = await BeginAsync(stage);
        await ExternalAsync(stage, controller, refresh);
        await RenewedAsync(stage, controller, 2, time.GetUtcNow());
        await RenewedAsync(stage, controller, 3, time.GetUtcNow());
    }

    [Fact]
    public async Task Of_several_the_first_that_ends_counts_and_what_never_ends_waits_for_its_interval()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Counting.LifeOf = number => number switch { 1 => null, 2 => Life, 3 => Life * 10, _ => null };
        var controller = await BeginAsync(stage);
        await ExternalAsync(stage, controller, Hourly, generators: 3);
        var begin = time.GetUtcNow();
        await PassAsync(controller, () => stage.Counting.Made > 3 || time.GetUtcNow() > begin + Life);
        Assert.InRange(time.GetUtcNow() - begin, Renewal.First, Renewal.Last);
        await ShownAsync(stage, controller, "6");
        Assert.Null((await stage.SourceAsync("db", source => source.Status?.RenewTime is null)).Status!.RenewTime);
        await PassAsync(controller, () => time.GetUtcNow() > begin + (Life * 15));
        Assert.Equal(6, stage.Counting.Made);
    }

    [Theory]
    [InlineData("refreshInterval: \"0\"")]
    [InlineData("refreshPolicy: CreatedOnce")]
    [InlineData("refreshPolicy: OnChange")]
    public async Task What_is_pinned_stays_also_when_it_ends(string refresh)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Counting.LifeOf = _ => Life;
        var controller = await BeginAsync(stage);
        await ExternalAsync(stage, controller, refresh);
        var begin = time.GetUtcNow();
        await PassAsync(controller, () => time.GetUtcNow() > begin + (Life * 2));
        Assert.Equal(1, stage.Counting.Made);
        Assert.Null((await stage.ReadyAsync("db", "True")).Status!.RenewTime);
    }

    [Fact]
    public async Task A_restart_neither_forgets_when_it_ends_nor_makes_it_anew_before()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Counting.LifeOf = _ => Life;
        var first = await BeginAsync(stage);
        await ExternalAsync(stage, first, Hourly);
        var begin = time.GetUtcNow();
        await PassAsync(first, () => time.GetUtcNow() >= begin + (Life / 3));
        await stage.StopAsync(first);

        var looked = Task.CompletedTask;
        var second = stage.Build(time, built => looked = ExternalStage.PassesAsync(built, 1));
        await looked;
        Assert.Equal(1, stage.Counting.Made);
        await RenewedAsync(stage, second, 2, begin);
    }

    [Fact]
    public async Task What_was_pushed_and_ends_is_pushed_anew_in_time_also_after_a_restart()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Counting.LifeOf = _ => Life;
        var first = await BeginAsync(stage);
        var begin = time.GetUtcNow();
        await PushAsync(stage, "1h");
        await PassAsync(first, () => stage.Counting.Made > 1 || time.GetUtcNow() > begin + Life);
        Assert.InRange(time.GetUtcNow() - begin, Renewal.First, Renewal.Last);
        await PushedAsync(stage, "2");
        begin = time.GetUtcNow();
        await PassAsync(first, () => time.GetUtcNow() >= begin + (Life / 3));
        await stage.StopAsync(first);

        var second = await stage.StartAsync(time);
        await PassAsync(second, () => stage.Counting.Made > 2 || time.GetUtcNow() > begin + Life);
        Assert.InRange(time.GetUtcNow() - begin, Renewal.First, Renewal.Last);
        await PushedAsync(stage, "3");
    }

    [Fact]
    public async Task What_was_pushed_for_good_stays_also_when_it_ends()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Counting.LifeOf = _ => Life;
        var controller = await BeginAsync(stage);
        await PushAsync(stage, "0s");
        var begin = time.GetUtcNow();
        await PassAsync(controller, () => time.GetUtcNow() > begin + (Life * 2));
        await PushedAsync(stage, "1");
        Assert.Equal(1, stage.Counting.Made);
    }

    private async Task<ControllerProcess> BeginAsync(ExternalStage stage)
    {
        var controller = await stage.StartAsync(time);
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: {name: pw}\nspec: {length: 8, noUpper: false, allowRepeat: true}");
        return controller;
    }

    private static async Task ExternalAsync(ExternalStage stage, ControllerProcess controller, string refresh, int generators = 1)
    {
        const string From = "{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw}}}";
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              dataFrom: [{{string.Join(", ", Enumerable.Repeat(From, generators))}}]
              {{refresh}}
            """);
        await ShownAsync(stage, controller, $"{generators}");
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
    }

    /// <summary>A watch that does not show what was written would be taken to have lost it.</summary>
    private static async Task ShownAsync(ExternalStage stage, ControllerProcess controller, string value)
    {
        var secret = await stage.SecretAsync("db", "password", value);
        await Eventually.TrueAsync(() => controller.External!.Shows(ExternalStage.Key("db"), secret.Metadata.ResourceVersion), "the controller sees the Secret");
    }

    private async Task RenewedAsync(ExternalStage stage, ControllerProcess controller, int number, DateTimeOffset made)
    {
        var told = ExternalStatus.Parse((await stage.SourceAsync("db", source => source.Status?.RenewTime is not null)).Status!.RenewTime)!.Value;
        Assert.InRange(told - made, Renewal.First, Renewal.Last);
        await PassAsync(controller, () => stage.Counting.Made >= number || time.GetUtcNow() > made + Life);
        Assert.InRange(time.GetUtcNow() - made, Renewal.First, Renewal.Last);
        await ShownAsync(stage, controller, $"{number}");
        await stage.SourceAsync("db", source => ExternalStatus.Parse(source.Status?.RenewTime) > told);
    }

    private static async Task PushAsync(ExternalStage stage, string interval)
    {
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: one}
            spec: {provider: {writable: {}}}
            """);
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              refreshInterval: {{interval}}
              secretStoreRefs: [{name: one}]
              selector: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw} }
              data: [{match: {secretKey: password, remoteRef: {remoteKey: pw} } }]
            """);
        await PushedAsync(stage, "1");
    }

    private static async Task PushedAsync(ExternalStage stage, string value)
    {
        await Eventually.TrueAsync(() => stage.Writable.Values.GetValueOrDefault("one/pw") == value);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(push => push.Status?.Conditions?.Any(condition => condition is { Type: Condition.Ready, Status: "True" }) == true));
    }

    private Task PassAsync(ControllerProcess controller, Func<bool> until) => ExternalStage.PassAsync(time, controller, Step, until);
}
