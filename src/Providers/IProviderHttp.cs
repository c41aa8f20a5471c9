namespace GitOpsSecrets.Providers;

/// <summary>Makes the HTTP clients of providers.</summary>
public interface IProviderHttp
{
    /// <summary>A client of the caller's own, to be disposed with its source.</summary>
    HttpClient Create(HttpSettings settings);
}
