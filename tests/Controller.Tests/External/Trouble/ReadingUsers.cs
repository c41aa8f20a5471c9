using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>ExternalSecrets, each of a key of its own.</summary>
/// <param name="stand">Behind it is what they read.</param>
internal sealed class ReadingUsers(ExternalStage stage, ContractStand stand) : ITroubledUsers
{
    /// <summary>When they are due, at the interval of the test.</summary>
    public TimeSpan Notice => TimeSpan.FromMinutes(10);

    public Task MakeAsync(int number, string interval)
    {
        var reference = stand.Reference(TroubleStage.Key(number));
        return stage.ExternalAsync($"db-{number}", interval, reference.Key, reference.Property!);
    }

    public async Task PutAsync(string value)
    {
        for (var i = 0; i < TroubleStage.Objects; i++) await stand.PutAsync(TroubleStage.Key(i), new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = value });
    }

    public async Task<int> CountAsync(string value) =>
        (await stage.Kube.ListAsync(ClusterKinds.Secrets, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken)).Count(secret => Has(secret, value));

    public Task AllHaveAsync(string value) => stage.UntilAsync(ClusterKinds.Secrets, ExternalStage.Namespace, found => found.Count(secret => Has(secret, value)) == TroubleStage.Objects ? found[0] : null);

    public Task ReadyAsync(int number, bool isReady) => isReady ? stage.ReadyAsync($"db-{number}", "True", "secret synced") : stage.ReadyAsync($"db-{number}", "False");

    public async Task<string?> FailingSinceAsync(Func<string, bool> message) =>
        (await stage.Kube.ListAsync(ExternalKinds.ExternalSecrets, new ListQuery { Namespace = ExternalStage.Namespace }, TestContext.Current.CancellationToken))
            .Select(source => source.Status?.Conditions?[0]).FirstOrDefault(ready => ready?.Status == "False" && message(ready.Message!))?.LastTransitionTime;

    private bool Has(Secret secret, string value) => EndToEnd.Stage.Item(secret, "a") == stand.Shown(value);
}
