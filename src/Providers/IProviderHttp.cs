namespace GitOpsSecrets.Providers;

/// <summary>Makes the HTTP clients of providers.</summary>
public interface IProviderHttp
{
    /// <summary>
    /// A client of the caller's own, to be disposed with its source. Its calls throw <see cref="ProviderException"/> where there is no answer;
    /// an answer of any status is returned, its body complete and within bounds.
    /// </summary>
    HttpClient Create(HttpSettings settings);
}
