namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>Clients to whom the simulator is the machine's metadata server: the vendor's libraries look for that at an address of their own.</summary>
internal sealed class AzureSimulatedHttp(IProviderHttp real, AzureSimulator azure) : IProviderHttp
{
    public HttpClient Create(HttpSettings settings)
        => real.Create(settings.IsLocal ? settings with { Around = inner => settings.Around!(new Elsewhere(inner, azure.Number)) } : settings);

    private sealed class Elsewhere(HttpMessageHandler inner, Uri place) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host == "169.254.169.254") request.RequestUri = new Uri(place, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
