using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>
/// One session for all who use the source, begun by opening a message that only the user can open, replaced once where the server does not know it any longer, and ended with the source.
/// (The original logs in at each reconcile.) Callers that come at the same time wait for one login.
/// </summary>
internal sealed partial class PassboltSession(PassboltClient client, PassboltKeys keys, TimeProvider time) : IAsyncDisposable
{
    private const string LoginPath = "/auth/login.json";
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    /// <summary>As versions call the cookie of a session: newer ones, older ones, and Passbolt's own cloud.</summary>
    private static readonly string[] SessionCookies = ["passbolt_session", "CAKEPHP", "PHPSESSID"];

    private readonly SemaphoreSlim turn = new(1, 1);
    private PassboltLogin? current;

    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="ProviderException">The login or the call failed.</exception>
    public async Task<PassboltAnswer> GetAsync(string path, string operation, CancellationToken cancellationToken)
    {
        var login = await LoginAsync(cancellationToken).ConfigureAwait(false);
        var answer = await client.SendAsync(HttpMethod.Get, path, operation, login, null, answer => answer.IsRefused, cancellationToken).ConfigureAwait(false);
        if (!answer.IsRefused) return answer;
        answer.Dispose();
        await ForgetAsync(login, cancellationToken).ConfigureAwait(false);
        return await client.SendAsync(HttpMethod.Get, path, operation, await LoginAsync(cancellationToken).ConfigureAwait(false), null, IsNone, cancellationToken).ConfigureAwait(false);
    }

    public async Task<PassboltLogin> LoginAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return current ??= await LogInAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (current is { } login) await EndAsync(login).ConfigureAwait(false);
        client.Dispose();
        turn.Dispose();
    }

    private async Task<PassboltLogin> LogInAsync(CancellationToken cancellationToken)
    {
        var about = new JsonObject { ["keyid"] = keys.Fingerprint };
        string challenge;
        // The status of this step is that of a login that failed, whatever comes of it.
        using (var first = await client.SendAsync(HttpMethod.Post, LoginPath, "Login", PassboltLogin.None, Form(about), answer => answer.Challenge is not null, cancellationToken).ConfigureAwait(false))
        {
            challenge = first.Challenge ?? throw new ProviderException(ProviderFailureKind.Invalid, "what answered in the place of Passbolt gave no message to log in with");
        }

        about["user_token_result"] = TokenIn(challenge);
        using var second = await client.SendAsync(HttpMethod.Post, LoginPath, "Login", PassboltLogin.None, Form(about), IsNone, cancellationToken).ConfigureAwait(false);
        var cookies = SessionCookies.Where(second.Cookies.ContainsKey).Select(name => $"{name}={second.Cookies[name]}").ToList();
        if (cookies.Count == 0) throw new ProviderException(ProviderFailureKind.Invalid, "Passbolt began no session");
        var login = new PassboltLogin(cookies[^1], "", "");
        using var me = await client.SendAsync(HttpMethod.Get, "/users/me.json", "GetUser", login, null, IsNone, cancellationToken).ConfigureAwait(false);
        login = login with { UserId = JsonMembers.Text(me.Body, "id") ?? "" };
        return me.Cookies.TryGetValue("csrfToken", out var token) ? login with { Cookies = $"{login.Cookies}; csrfToken={token}", CsrfToken = token } : login;
    }

    /// <summary>Only what has the form of a login's token is sent back: whoever answers must not have other messages of the user opened.</summary>
    private string TokenIn(string challenge)
    {
        var opened = keys.Open(challenge, "the message that Passbolt logs its user in with");
        try
        {
            var token = Encoding.UTF8.GetString(opened);
            return TokenForm().IsMatch(token) ? token : throw new ProviderException(ProviderFailureKind.Invalid, "the message that Passbolt logs its user in with holds no token of a login");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <summary>Tried, and no more: a session that is not ended here ends by itself.</summary>
    private async Task EndAsync(PassboltLogin login)
    {
        using var patience = new CancellationTokenSource(LongestFarewell, time);
        try
        {
            (await client.SendAsync(HttpMethod.Post, "/auth/logout.json", "Logout", login, null, IsNone, patience.Token).ConfigureAwait(false)).Dispose();
        }
        catch (Exception failure) when (failure is ProviderException or OperationCanceledException)
        {
            // Nobody is left to tell it to.
        }
    }

    private async Task ForgetAsync(PassboltLogin login, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        // Another caller may have logged in anew in the meantime.
        if (ReferenceEquals(current, login)) current = null;
        turn.Release();
    }

    private static bool IsNone(PassboltAnswer answer) => false;

    private static string Form(JsonObject about) => new JsonObject { ["gpg_auth"] = about.DeepClone() }.ToJsonString();

    [GeneratedRegex(@"\A(gpgauthv[0-9.]{1,16})\|36\|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\|\1\z", RegexOptions.CultureInvariant)]
    private static partial Regex TokenForm();
}
