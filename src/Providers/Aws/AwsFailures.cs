using Amazon.Runtime;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>Failures of one service, in AWS's own words: never in those of the SDK, which may hold what was sent or answered.</summary>
internal sealed record AwsFailures(AwsService Service, Uri Endpoint, TimeProvider Time)
{
    /// <summary>Whether it is one of a call, and told by nobody yet.</summary>
    public static bool IsUntold(Exception failure) => failure is not (ProviderException or OperationCanceledException or ObjectDisposedException);

    /// <param name="operation">As AWS names it.</param>
    /// <param name="stop">The caller's. Who gives up ends an answer that is being read, which is none of AWS's then.</param>
    /// <param name="carriesValue">Whether a value went with the call: AWS's reasons for refusing it can quote what they refuse, so only the code is told.</param>
    public ProviderException Of(Exception failure, string operation, CancellationToken stop, bool carriesValue = false)
    {
        stop.ThrowIfCancellationRequested();
        var what = $"{Service.Label}, asked to {operation},";
        // Thrown before anything is sent; its words may hold what is in the files that it has read.
        if (failure is AmazonClientException or TypeInitializationException)
            return new(ProviderFailureKind.Invalid, $"{what} was not asked: AWS's library cannot work with what the process's environment or AWS profile says ({failure.GetBaseException().GetType().Name})");
        if (failure is not AwsRefusedException refused) return Foreign(operation);
        using var answer = refused.Answer(Endpoint);
        var plain = HttpFailures.OfAnswer(what, answer, Time);
        if (refused.Error is not { } error) return plain.Kind == ProviderFailureKind.Conflict ? new(ProviderFailureKind.Invalid, plain.Message) : plain;
        var kind = AwsErrors.KindOf(error.Code) ?? (plain.Kind == ProviderFailureKind.Denied ? ProviderFailureKind.Invalid : plain.Kind);
        return new ProviderException(kind, $"{what} gave error {error.Code}{(error.Message.Length == 0 || carriesValue ? "" : ": " + error.Message)}") { RetryAfter = plain.RetryAfter };
    }

    /// <summary>Of an answer that AWS would not give.</summary>
    public ProviderException Foreign(string operation) => new(
        ProviderFailureKind.Invalid, $"{Service.Label}, asked to {operation}, answered with something else: is the endpoint {Endpoint.GetLeftPart(UriPartial.Authority)} one of AWS?");
}
