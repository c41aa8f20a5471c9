namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>What a login gave.</summary>
/// <param name="Cookies">The value of the <c>Cookie</c> header: the session and, once there is one, the token against forged requests.</param>
/// <param name="CsrfToken">That token; empty where the server gave none.</param>
/// <param name="UserId">Whose session it is; empty until it was asked.</param>
internal sealed record PassboltLogin(string Cookies, string CsrfToken, string UserId)
{
    public static PassboltLogin None { get; } = new("", "", "");

    public override string ToString() => nameof(PassboltLogin);
}
