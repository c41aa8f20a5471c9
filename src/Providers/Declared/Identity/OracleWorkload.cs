using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>
/// A workload of Oracle's Kubernetes: a service beside the API server exchanges a service account's token for one that certifies a session's key
/// (https://docs.oracle.com/iaas/Content/ContEng/Tasks/contenggrantingworkloadaccesstoresources.htm, and the vendor's open SDKs).
/// </summary>
internal sealed class OracleWorkload : IMachineIdentity
{
    private const string Operation = "GetWorkloadToken";
    private const string ClusterAuthority = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

    public IReadOnlyList<string> Parameters { get; } = ["token"];

    public IReadOnlyList<string> Gives => OracleSession.Gives;

    public async Task<DateTimeOffset> AskAsync(MachineSurroundings machine, IReadOnlyDictionary<string, string> with, Variables to, CancellationToken cancellationToken)
    {
        var authorities = Authorities.Parse("the authority of the cluster", await machine.FileAsync("OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH", ClusterAuthority, cancellationToken).ConfigureAwait(false));
        using var session = new OracleSession();
        var body = new JsonObject { ["podKey"] = session.PublicKey };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(ServerOf(machine), "/resourcePrincipalSessionTokens"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", with["token"]);
        var text = await machine.SendAsync(request, Operation, new HttpSettings { Authorities = authorities, IsLocal = true }, cancellationToken).ConfigureAwait(false);
        var token = JsonMembers.Text(machine.Parsed(Decoded(machine, text), Operation), "token") ?? throw machine.Lacks(Operation, "token");
        return session.GiveTo(to, token.StartsWith("ST$", StringComparison.Ordinal) ? token[3..] : token, machine.Time.GetUtcNow());
    }

    /// <summary>Base64 of JSON, in quotation marks.</summary>
    private static string Decoded(MachineSurroundings machine, string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim().Trim('"'), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : throw machine.Lacks(Operation, "token");
    }

    private static Uri ServerOf(MachineSurroundings machine)
    {
        const int Port = 12250;
        var host = machine.Text("KUBERNETES_SERVICE_HOST");
        if (machine.Text("OCI_PROXYMUX_URL") is null && host is null) throw machine.Missing("KUBERNETES_SERVICE_HOST is not set");
        return machine.Address("OCI_PROXYMUX_URL", $"https://{(host?.Contains(':', StringComparison.Ordinal) == true ? $"[{host}]" : host)}:{Port}");
    }
}
