using System.Globalization;
using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// The controller's own identity, for stores that name none: the environment's keys, its web identity (IRSA), its container credentials (EKS pod identity, ECS), and
/// at last what the SDK knows of profiles and instance metadata. The first three are asked here, since the SDK reads the process's environment only and with clocks of its own.
/// </summary>
internal sealed class AwsOwnIdentity(AwsSurroundings surroundings, HttpClient http, AwsSecurityTokens tokens, TimeProvider time)
{
    // The SDK renews what it has by itself; so it is asked again now and then.
    private static readonly TimeSpan AskSdkEvery = TimeSpan.FromMinutes(5);
    private const string ContainerHost = "http://169.254.170.2";

    /// <exception cref="ProviderException">There is none.</exception>
    public async Task<AwsCredentials> ObtainAsync(CancellationToken cancellationToken)
    {
        if (surroundings.Value("AWS_ACCESS_KEY_ID") is { } id && surroundings.Value("AWS_SECRET_ACCESS_KEY") is { } secret) return new(id, secret, surroundings.Value("AWS_SESSION_TOKEN"), null);
        if (surroundings.Value("AWS_WEB_IDENTITY_TOKEN_FILE") is { } file && surroundings.Value("AWS_ROLE_ARN") is { } role)
        {
            var token = await ReadAsync(file, "AWS_WEB_IDENTITY_TOKEN_FILE", cancellationToken).ConfigureAwait(false);
            return await tokens.AssumeWithTokenAsync(role, surroundings.Value("AWS_ROLE_SESSION_NAME") ?? AwsRole.SessionName, token, cancellationToken).ConfigureAwait(false);
        }
        if (surroundings.Value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } path) return await FromContainerAsync(ContainerHost + path, cancellationToken).ConfigureAwait(false);
        if (surroundings.Value("AWS_CONTAINER_CREDENTIALS_FULL_URI") is { } address) return await FromContainerAsync(address, cancellationToken).ConfigureAwait(false);
        return await FromSdkAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<AwsCredentials> FromContainerAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !MayHoldCredentials(uri))
            throw new ProviderException(ProviderFailureKind.Invalid, "the controller's container credentials are at an address that is neither https, nor loopback, nor one of ECS or EKS");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var token = surroundings.Value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } file
            ? await ReadAsync(file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", cancellationToken).ConfigureAwait(false)
            : surroundings.Value("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw HttpFailures.OfAnswer("the agent with the controller's container credentials", response, time);
        using var answer = AwsAnswer.Of(response.TakeBody());
        return CredentialsOf(answer?.Root ?? default) ?? throw new ProviderException(ProviderFailureKind.Invalid, "the agent with the controller's container credentials answered with something else");
    }

    private static AwsCredentials? CredentialsOf(JsonElement answer)
    {
        if (JsonMembers.Text(answer, "AccessKeyId") is not { } id || JsonMembers.Text(answer, "SecretAccessKey") is not { } secret) return null;
        var end = DateTimeOffset.TryParse(JsonMembers.Text(answer, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : (DateTimeOffset?)null;
        return new(id, secret, JsonMembers.Text(answer, "Token"), end);
    }

    // As the SDKs hold it: the token that goes with the request must not leave in clear.
    private static bool MayHoldCredentials(Uri uri) => uri.Scheme == Uri.UriSchemeHttps
        || (uri.Scheme == Uri.UriSchemeHttp && (uri.IsLoopback || uri.IdnHost is "169.254.170.2" or "169.254.170.23" || (IPAddress.TryParse(uri.IdnHost, out var address) && address.Equals(IPAddress.Parse("fd00:ec2::23")))));

    private static async Task<string> ReadAsync(string file, string variable, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"the file that the controller's environment variable {variable} names cannot be read");
        }
    }

    private async Task<AwsCredentials> FromSdkAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var resolver = new DefaultAWSCredentialsIdentityResolver();
            var found = await resolver.ResolveIdentityAsync(null, cancellationToken).ConfigureAwait(false);
            var keys = await found.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return new(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null, time.GetUtcNow() + AskSdkEvery);
        }
        catch (Exception failure) when (failure is not ProviderException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Told(failure);
        }
    }

    /// <summary>Never in the SDK's words: they may hold what a program of a profile has written, or what is in a file.</summary>
    private static ProviderException Told(Exception failure) => failure switch
    {
        ProfileNotFoundException => new(ProviderFailureKind.Denied, $"the controller's AWS profile {DefaultAWSCredentialsIdentityResolver.GetProfileName()} (AWS_PROFILE) is in none of its files"),
        ProcessAWSCredentialException => new(ProviderFailureKind.Denied, "the credential_process of the controller's AWS profile failed"),
        // The last of them is what instance metadata did not give.
        AmazonClientException or AmazonServiceException or OperationCanceledException => new(
            ProviderFailureKind.Denied,
            "no AWS credentials are named, and there are none here: neither keys in the environment, web identity, pod identity, a profile nor an instance profile"),
        _ => new(ProviderFailureKind.Invalid, $"the controller's AWS profile cannot be used ({failure.GetBaseException().GetType().Name}): look at the files of AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE; profiles of SSO are not there"),
    };
}
