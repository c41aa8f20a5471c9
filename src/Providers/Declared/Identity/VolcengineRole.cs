using System.Globalization;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>A role of Volcengine that the controller's pod may take, with the token that its cluster mounts into it (https://www.volcengine.com/docs/6460/1324604; the variables are those of the vendor's open SDK).</summary>
internal sealed class VolcengineRole : IMachineIdentity
{
    private const string Operation = "AssumeRoleWithOIDC";
    private const int Seconds = 3600;

    public IReadOnlyList<string> Parameters => [];

    public IReadOnlyList<string> Gives { get; } = ["id", "signingKey", "token"];

    public async Task<DateTimeOffset> AskAsync(MachineSurroundings machine, IReadOnlyDictionary<string, string> with, Variables to, CancellationToken cancellationToken)
    {
        var role = machine.Text("VOLCENGINE_OIDC_ROLE_TRN") ?? throw machine.Missing("VOLCENGINE_OIDC_ROLE_TRN is not set; name an access key under auth.secretRef");
        // Read at each login: the cluster replaces it.
        var token = await machine.FileAsync("VOLCENGINE_OIDC_TOKEN_FILE", null, cancellationToken).ConfigureAwait(false);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DurationSeconds"] = Seconds.ToString(CultureInfo.InvariantCulture),
            ["OIDCToken"] = token.Trim(),
            ["RoleSessionName"] = machine.Text("VOLCENGINE_OIDC_ROLE_SESSION_NAME") ?? "gitopssecrets",
            ["RoleTrn"] = role,
        };
        if (machine.Text("VOLCENGINE_OIDC_ROLE_POLICY") is { } policy) form["Policy"] = policy;
        var server = machine.Text("VOLCENGINE_OIDC_STS_ENDPOINT") ?? "sts.volcengineapi.com";
        var address = Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : "https://" + server, UriKind.Absolute, out var named) ? named : throw machine.Missing("VOLCENGINE_OIDC_STS_ENDPOINT is no address");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/?Action={Operation}&Version=2018-01-01")) { Content = new FormUrlEncodedContent(form) };
        var answer = await machine.JsonAsync(request, Operation, new HttpSettings(), cancellationToken).ConfigureAwait(false);
        var given = JsonMembers.Member(JsonMembers.Member(answer, "Result"), "Credentials");
        if (given.ValueKind != JsonValueKind.Object) throw new ProviderException(ProviderFailureKind.Denied, $"{machine.Title} did not let the controller take the role {role}");
        to.Set("id", JsonMembers.Text(given, "AccessKeyId") ?? throw machine.Lacks(Operation, "AccessKeyId"));
        to.Set("signingKey", JsonMembers.Text(given, "SecretAccessKey") ?? throw machine.Lacks(Operation, "SecretAccessKey"));
        to.Set("token", JsonMembers.Text(given, "SessionToken") ?? throw machine.Lacks(Operation, "SessionToken"));
        var end = JsonMembers.Text(given, "Expiration") ?? JsonMembers.Text(given, "ExpiredTime");
        return DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : machine.Time.GetUtcNow().AddSeconds(Seconds);
    }
}
