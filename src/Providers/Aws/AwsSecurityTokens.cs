using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>Speaks to the Security Token Service (https://docs.aws.amazon.com/STS/latest/APIReference/), whose protocol is forms and XML: temporary credentials for others.</summary>
internal sealed class AwsSecurityTokens(HttpClient http, Uri endpoint, string region, CallMeter meter, TimeProvider time)
{
    public const string Version = "2011-06-15";

    /// <summary>A role, assumed with the token of an identity provider: not signed.</summary>
    /// <exception cref="ProviderException">It may not be assumed, or STS cannot be reached.</exception>
    public Task<AwsCredentials> AssumeWithTokenAsync(string role, string sessionName, string token, CancellationToken cancellationToken) =>
        AskAsync("AssumeRoleWithWebIdentity", [new("RoleArn", role), new("RoleSessionName", sessionName), new("WebIdentityToken", token)], null, cancellationToken);

    /// <summary>A role, assumed as somebody.</summary>
    /// <exception cref="ProviderException">It may not be assumed, or STS cannot be reached.</exception>
    public Task<AwsCredentials> AssumeAsync(AwsRole role, AwsCredentials caller, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form = [new("RoleArn", role.Arn), new("RoleSessionName", AwsRole.SessionName)];
        if (!string.IsNullOrEmpty(role.ExternalId)) form.Add(new("ExternalId", role.ExternalId));
        foreach (var (index, (key, value)) in role.Tags.Index())
        {
            form.Add(new(Numbered("Tags", index) + ".Key", key));
            form.Add(new(Numbered("Tags", index) + ".Value", value));
        }
        foreach (var (index, key) in role.TransitiveTagKeys.Index()) form.Add(new(Numbered("TransitiveTagKeys", index), key));
        return AskAsync("AssumeRole", form, caller, cancellationToken);
    }

    /// <summary>Temporary credentials of the caller's own.</summary>
    /// <exception cref="ProviderException">None may be had, or STS cannot be reached.</exception>
    public Task<AwsCredentials> SessionAsync(IEnumerable<KeyValuePair<string, string>> parameters, AwsCredentials caller, CancellationToken cancellationToken) =>
        AskAsync("GetSessionToken", parameters, caller, cancellationToken);

    private static string Numbered(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}.member.{index + 1}");

    private Task<AwsCredentials> AskAsync(string action, IEnumerable<KeyValuePair<string, string>> form, AwsCredentials? caller, CancellationToken cancellationToken) =>
        meter.MeasureAsync(action, async () =>
        {
            using var request = RequestFor([new("Action", action), new("Version", Version), .. form], caller);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? Read(response.Body(), action) : throw Failure(response, action);
        });

    private HttpRequestMessage RequestFor(IEnumerable<KeyValuePair<string, string>> form, AwsCredentials? caller)
    {
        var body = Encoding.ASCII.GetBytes(string.Join('&', form.Select(field => Uri.EscapeDataString(field.Key) + "=" + Uri.EscapeDataString(field.Value))));
        const string Form = "application/x-www-form-urlencoded";
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(Form) } } };
        request.Options.Set(ProviderRequest.MayRepeat, true);
        if (caller is null) return request;
        foreach (var (name, value) in AwsSignature.Sign(endpoint, [new("content-type", Form)], body, caller, AwsService.SecurityTokens.SigningName, region, time.GetUtcNow()))
        {
            if (name is not "content-type" and not "host") request.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    private AwsCredentials Read(ReadOnlyMemory<byte> body, string action)
    {
        var copy = body.ToArray();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(copy), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var credentials = XDocument.Load(reader).Descendants().FirstOrDefault(element => element.Name.LocalName == "Credentials");
            string? Part(string name) => credentials?.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
            if (Part("AccessKeyId") is { Length: > 0 } id && Part("SecretAccessKey") is { Length: > 0 } secret && Part("SessionToken") is { Length: > 0 } token
                && DateTimeOffset.TryParse(Part("Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end))
            {
                return new AwsCredentials(id, secret, token, end);
            }
        }
        catch (XmlException)
        {
            // Said below.
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
        throw new ProviderException(ProviderFailureKind.Invalid, $"AWS/STS, asked to {action}, answered with something that holds no credentials: is the endpoint {endpoint.GetLeftPart(UriPartial.Authority)} one of AWS?");
    }

    private ProviderException Failure(HttpResponseMessage response, string action)
    {
        var plain = HttpFailures.OfAnswer($"AWS/STS, asked to {action},", response, time);
        if (AwsError.Read(response.Body()) is not { } error) return plain;
        return new ProviderException(AwsErrors.KindOf(error.Code) ?? plain.Kind, $"AWS/STS, asked to {action}, gave error {error.Code}{(error.Message.Length == 0 ? "" : ": " + error.Message)}") { RetryAfter = plain.RetryAfter };
    }
}
