using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>
/// The service account of a virtual machine of Yandex Cloud, whose token its metadata server gives (https://yandex.cloud/en/docs/compute/operations/vm-connect/auth-inside-vm). The token is shown to Yandex's own
/// services only, or to those of the endpoint that the controller's <c>YC_ENDPOINT</c> names: a store's author may name any other.
/// </summary>
internal sealed class YandexMachine : IMachineIdentity
{
    private const string Operation = "GetMachineToken";
    private static readonly string[] Domains = [".cloud.yandex.net", ".yandexcloud.net"];

    public IReadOnlyList<string> Parameters { get; } = ["endpoint"];

    public IReadOnlyList<string> Gives { get; } = ["token"];

    public async Task<DateTimeOffset> AskAsync(MachineSurroundings machine, IReadOnlyDictionary<string, string> with, Variables to, CancellationToken cancellationToken)
    {
        var endpoint = with["endpoint"];
        if (endpoint != machine.Text("YC_ENDPOINT") && !IsYandex(endpoint)) throw new ProviderException(ProviderFailureKind.Denied, $"the token of the controller's machine is not shown to {endpoint}; name an authorized key under auth");
        var host = machine.Text("YC_METADATA_ADDR") ?? "169.254.169.254";
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
        // Shows that nobody was tricked into asking.
        request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        var answer = await machine.JsonAsync(request, Operation, new HttpSettings { IsLocal = true }, cancellationToken).ConfigureAwait(false);
        to.Set("token", JsonMembers.Text(answer, "access_token") ?? throw machine.Lacks(Operation, "access_token"));
        var seconds = JsonMembers.Member(answer, "expires_in") is { ValueKind: JsonValueKind.Number } lifetime && lifetime.TryGetInt32(out var known) ? known : 3600;
        return machine.Time.GetUtcNow().AddSeconds(seconds);
    }

    private static bool IsYandex(string endpoint) =>
        Uri.TryCreate($"https://{endpoint}/", UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.AbsolutePath == "/"
        && Domains.Any(domain => ("." + address.Host).EndsWith(domain, StringComparison.OrdinalIgnoreCase));
}
