using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Amazon;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What the operator decides for all AWS stores by environment variables, which are read here and never written: endpoints, authorities, the controller's own identity.</summary>
/// <param name="Variable">Reads one; null when it is not set.</param>
internal sealed record AwsSurroundings(Func<string, string?> Variable)
{
    // Every endpoint at once, as in the SDKs.
    private const string AllEndpoints = "AWS_ENDPOINT_URL";
    private const string AuthoritiesFile = "AWS_CA_BUNDLE";

    /// <summary>Whether a region can be one, in whatever partition.</summary>
    public static bool IsRegion(string? region)
        => !string.IsNullOrEmpty(region) && region.Length <= 40 && RegionEndpoint.AllPartitionRegionRegex.Any(pattern => Regex.IsMatch(region, pattern, RegexOptions.NonBacktracking));

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is no such region, or the operator's endpoint is no address.</exception>
    public Uri EndpointOf(AwsService service, string region)
    {
        if (!IsRegion(region)) throw new ProviderException(ProviderFailureKind.Invalid, $"region \"{region}\" is none of AWS");
        foreach (var name in service.EndpointVariables.Append(AllEndpoints))
        {
            if (Value(name) is not { } written) continue;
            return Uri.TryCreate(written, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? address
                : throw new ProviderException(ProviderFailureKind.Invalid, $"the controller's environment variable {name} is not an http or https address");
        }
        return new Uri($"https://{service.Host}.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}/");
    }

    /// <summary>The authorities of <c>AWS_CA_BUNDLE</c>, for private endpoints and proxies that look inside; null trusts the system's.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the file cannot be read.</exception>
    public async Task<X509Certificate2Collection?> AuthoritiesAsync(CancellationToken cancellationToken)
    {
        if (Value(AuthoritiesFile) is not { } file) return null;
        try
        {
            return Authorities.Parse(AuthoritiesFile, await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"the file that the controller's environment variable {AuthoritiesFile} names cannot be read");
        }
    }

    /// <summary>A variable that is set to something.</summary>
    public string? Value(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
