using global::Google.Apis.Auth.OAuth2;

namespace GitOpsSecrets.Providers.Google;

/// <summary>What proves an identity outside of Google, for Google's library.</summary>
/// <param name="read">Reads it.</param>
/// <remarks>Ends with the login, as <see cref="GoogleTransport"/> does.</remarks>
internal sealed class GoogleSubject(Func<CancellationToken, Task<string>> read) : ProgrammaticExternalAccountCredential.ISubjectTokenProvider
{
    public Task<string> GetSubjectTokenAsync(ProgrammaticExternalAccountCredential caller, CancellationToken taskCancellationToken) => read(GoogleLibrary.Ending);
}
