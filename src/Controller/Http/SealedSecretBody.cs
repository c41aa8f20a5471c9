using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Controller.Http;

/// <summary>Reads the one SealedSecret, JSON or YAML, that a request carries. Answers the request itself when there is none.</summary>
/// <param name="timeout">How long the caller may take to send it.</param>
internal sealed class SealedSecretBody(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Bytes. etcd takes no object above 1.5 MiB; more could never have been applied.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    private static readonly YamlLimits Limits = new(MaxCharacters: MaxSize, MaxDepth: 32, MaxNodes: 200_000);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns><c>null</c> when the request was answered.</returns>
    public async Task<SealedSecret?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (text, status, problem) = await ReceiveAsync(context, cancellationToken).ConfigureAwait(false);
        if (text is not null)
        {
            if (Parse(text, out problem) is { } sealedSecret) return sealedSecret;
            status = StatusCodes.Status500InternalServerError; // as the original answers whatever is no SealedSecret
        }
        await Answer.TextAsync(context, status, problem, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<(string? Text, int Status, string Problem)> ReceiveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            using var reader = new StreamReader(context.Request.Body, StrictUtf8);
            return (await reader.ReadToEndAsync(either.Token).ConfigureAwait(false), 0, "");
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested)
        {
            return (null, StatusCodes.Status408RequestTimeout, "the request took too long to arrive");
        }
        catch (BadHttpRequestException exception)
        {
            return (null, exception.StatusCode, exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the request is larger than {MaxSize} bytes"
                : "the request cannot be read");
        }
        catch (DecoderFallbackException)
        {
            return (null, StatusCodes.Status400BadRequest, "the request is not UTF-8");
        }
    }

    private static SealedSecret? Parse(string text, out string problem)
    {
        try
        {
            var documents = YamlReader.ReadAll(text, Limits).Where(document => document.Root is not null).ToList();
            problem = documents.Count == 0 ? "the request is empty" : $"expected one SealedSecret, got {documents.Count} documents";
            if (documents.Count != 1) return null;
            var sealedSecret = documents[0].Root.Deserialize(ApiJson.Compact.SealedSecret);
            problem = "expected a bitnami.com/v1alpha1 SealedSecret";
            return sealedSecret is { Kind: SealedSecret.SealedSecretKind, ApiVersion: SealedSecret.GroupVersion, Spec: not null, Metadata: not null } ? sealedSecret : null;
        }
        catch (YamlFormatException exception)
        {
            problem = exception.Message;
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problem = "the request is not a SealedSecret: a field has the wrong type";
            return null;
        }
    }
}
