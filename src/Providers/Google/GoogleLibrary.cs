using System.Diagnostics.CodeAnalysis;
using global::Google.Apis.Auth;
using global::Google.Apis.Auth.OAuth2;
using global::Google.Apis.Auth.OAuth2.Flows;
using global::Google.Apis.Auth.OAuth2.Requests;
using global::Google.Apis.Auth.OAuth2.Responses;
using global::Google.Apis.Http;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// The flows of Google's own library (https://cloud.google.com/dotnet/docs/reference/Google.Apis/latest/Google.Apis.Auth.OAuth2). It is given what was read
/// here and reads no configuration, file or variable by itself; its calls go through <see cref="GoogleTransport"/>; each of its credentials serves one login.
/// </summary>
/// <param name="http">Carries its calls.</param>
/// <param name="surroundings">Where Google's services are.</param>
/// <param name="time">Dates tokens and what is signed.</param>
internal sealed class GoogleLibrary(GoogleHttp http, GoogleSurroundings surroundings, TimeProvider time)
{
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";
    public const string AwsType = "urn:ietf:params:aws:token-type:aws4_request";
    private const string GenerateAccessToken = "GenerateAccessToken";
    private static readonly string[] Scopes = [Scope];
    private static readonly AsyncLocal<CancellationToken> Login = new();
    private readonly GoogleClock clock = new(time);

    /// <summary>The end of the login that is being made; also in what the library does aside, which has ends of its own.</summary>
    public static CancellationToken Ending => Login.Value;

    /// <summary>A JWT that the key signs, for a token (RFC 7523, https://developers.google.com/identity/protocols/oauth2/service-account).</summary>
    public GoogleCredential ServiceAccount(GoogleKey key) => new GoogleKeyCredential(key, Quiet(
        new ServiceAccountCredential.Initializer(key.Email, key.TokenAddress.OriginalString) { Key = key.Rsa, KeyId = key.Id, Scopes = Scopes },
        new GoogleTransport(http, GenerateAccessToken))).ToGoogleCredential();

    /// <summary>The login of a user, renewed (RFC 6749).</summary>
    public GoogleCredential User(string client, string secret, string refreshToken)
    {
        var flow = new AuthorizationCodeFlow(new AuthorizationCodeFlow.Initializer(GoogleAuthConsts.OidcAuthorizationUrl, surroundings.UserTokens.OriginalString)
        {
            ClientSecrets = new ClientSecrets { ClientId = client, ClientSecret = secret },
            HttpClientFactory = new GoogleTransport(http, GenerateAccessToken),
            Clock = clock,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        });
        return new UserCredential(flow, "user", new TokenResponse { RefreshToken = refreshToken }).ToGoogleCredential();
    }

    /// <summary>Who the machine is that this process runs on.</summary>
    public GoogleCredential Machine()
    {
        var address = new Uri(surroundings.Metadata, "instance/service-accounts/default/token").AbsoluteUri;
        return GoogleCredential.FromComputeCredential(new ComputeCredential(Quiet(new ComputeCredential.Initializer(address, address) { Scopes = Scopes }, new GoogleTransport(http, "ReadMetadata"))));
    }

    /// <summary>A token of an identity provider that Google trusts, for one of Google's (RFC 8693).</summary>
    /// <param name="audience">The provider, as Google names it.</param>
    /// <param name="subjectTokenType">What kind of proof it is.</param>
    /// <param name="subject">Reads the proof.</param>
    /// <param name="client">A client of its own that exchanges it, and its secret; null for none.</param>
    /// <param name="userProject">Of a workforce pool, the project that the calls count for; null for none.</param>
    public GoogleCredential External(string audience, string subjectTokenType, Func<CancellationToken, Task<string>> subject, ClientSecrets? client, string? userProject = null)
    {
        var address = new Uri(surroundings.Service("STS", "sts.googleapis.com"), "v1/token");
        return new ProgrammaticExternalAccountCredential(Quiet(
            new ProgrammaticExternalAccountCredential.Initializer(address.OriginalString, audience, subjectTokenType, new GoogleSubject(subject))
            {
                Scopes = Scopes,
                ClientId = client?.ClientId,
                ClientSecret = client?.ClientSecret,
                WorkforcePoolUserProject = userProject,
            },
            new GoogleTransport(http, "ExchangeToken"))).ToGoogleCredential();
    }

    /// <summary>The same exchange at the address that knows GKE's pools.</summary>
    public GoogleCredential Bound(string audience, Func<CancellationToken, Task<string>> subject)
    {
        var address = new Uri(surroundings.Service("SECURETOKEN", "securetoken.googleapis.com"), "v1/identitybindingtoken");
        return new ProgrammaticExternalAccountCredential(Quiet(
            new ProgrammaticExternalAccountCredential.Initializer(address.OriginalString, audience, JwtType, new GoogleSubject(subject)) { Scopes = Scopes },
            new GoogleTransport(http, "GenerateIDBindToken") { SpeaksJson = true })).ToGoogleCredential();
    }

    /// <summary>A service account, for one who may act as it.</summary>
    /// <param name="delegates">Those through whom, the first of whom the source may act as, by their full names; null for none.</param>
    /// <param name="lifetime">Null for an hour.</param>
    public GoogleCredential Impersonated(GoogleCredential source, string email, IReadOnlyList<string>? delegates = null, TimeSpan? lifetime = null) => source.Impersonate(Quiet(
        new ImpersonatedCredential.Initializer(Uri.EscapeDataString(email)) { Scopes = Scopes, DelegateAccounts = delegates ?? [], Lifetime = lifetime ?? TimeSpan.FromHours(1) },
        new GoogleTransport(http, GenerateAccessToken) { Address = surroundings.ServiceAccount(email, "generateAccessToken") }));

    /// <exception cref="ProviderException">The credential is wrong or unknown, or a service cannot be reached.</exception>
    // What the library finds by reflection when it writes a form or JSON and reads a token, which a native executable would leave out. A name that a newer version has not is an error of the publish.
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(TokenResponse))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(GoogleJsonWebSignature.Header))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(GoogleJsonWebSignature.Payload))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(RefreshTokenRequest))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(GoogleAssertionTokenRequest))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, "Google.Apis.Auth.OAuth2.Requests.StsTokenRequest", "Google.Apis.Auth")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, "Google.Apis.Auth.OAuth2.Requests.IamAccessTokenRequest", "Google.Apis.Auth")]
    public async Task<GoogleToken> LogInAsync(GoogleCredential credential, CancellationToken cancellationToken)
    {
        Login.Value = cancellationToken;
        try
        {
            var token = await AskAsync(credential.UnderlyingCredential, cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            return new GoogleToken(token.AccessToken, now, now.AddSeconds(Math.Clamp(token.ExpiresInSeconds ?? 3600, 1, 86_400)));
        }
        catch (Exception failure) when (failure is not ProviderException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Told(failure);
        }
    }

    private static async Task<TokenResponse> AskAsync(ICredential credential, CancellationToken cancellationToken)
    {
        if (credential is UserCredential user)
        {
            await user.RefreshTokenAsync(cancellationToken).ConfigureAwait(false);
            return user.Token;
        }
        var service = (ServiceCredential)credential;
        await service.RequestAccessTokenAsync(cancellationToken).ConfigureAwait(false);
        return service.Token;
    }

    /// <summary>Repetitions are ours.</summary>
    private T Quiet<T>(T initializer, GoogleTransport transport) where T : ServiceCredential.Initializer
    {
        initializer.HttpClientFactory = transport;
        initializer.Clock = clock;
        initializer.DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None;
        return initializer;
    }

    // Never in the library's words, which may hold what was sent or answered. What went wrong with a call was told by GoogleHttp.
    private static ProviderException Told(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is ProviderException told) return told;
            if (inner is OperationCanceledException) return new ProviderException(ProviderFailureKind.Unavailable, "the login to Google was broken off");
        }
        return GoogleTransport.NoToken();
    }
}
