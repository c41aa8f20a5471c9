using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What was answered in place of success: taken from below the SDK, which would quote what it does not understand.</summary>
/// <param name="error">Null when it is none of AWS's.</param>
internal sealed class AwsRefusedException(AwsError? error, HttpErrorResponseException answer)
    : AmazonServiceException("", answer, ErrorType.Unknown, error?.Code ?? "", null, answer.Response.StatusCode)
{
    public AwsError? Error => error;

    /// <summary>What time it is there; null when it is not said.</summary>
    public DateTimeOffset? Date => DateTimeOffset.TryParse(answer.Response.GetHeaderValue("Date"), CultureInfo.InvariantCulture, out var date) ? date : null;

    /// <summary>The answer's status and headers, without its body.</summary>
    /// <param name="asked">The address that gave it.</param>
    public HttpResponseMessage Answer(Uri asked)
    {
        var told = new HttpResponseMessage(StatusCode) { RequestMessage = new HttpRequestMessage(HttpMethod.Post, asked) };
        foreach (var name in answer.Response.GetHeaderNames()) told.Headers.TryAddWithoutValidation(name, answer.Response.GetHeaderValue(name));
        return told;
    }
}
