using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Webhook;

namespace GitOpsSecrets.Providers.Generators.Webhook;

/// <summary>
/// Keys and values of the JSON object with which an HTTP endpoint answers: the webhook store, opened for one call. Nothing is kept from call to
/// call; the original had one instance for all, whose namespace concurrent calls overwrote.
/// </summary>
public sealed class WebhookGenerator : IGenerator
{
    private readonly WebhookProvider webhook = new();

    public string Kind => GeneratorKinds.Webhook;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return [.. webhook.Check(StoreOf(request)).Select(InSpec)];
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, WebhookStoreJson.Default.WebhookStore, options => WebhookRules.Unused(options, request.Namespace).Select(InSpec));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Check(request) is { Count: > 0 } problems) throw new ProviderException(ProviderFailureKind.Invalid, string.Join("; ", problems));
        try
        {
            return await AskAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new ProviderException(failure.Kind, InSpec(failure.Message), failure) { RetryAfter = failure.RetryAfter };
        }
    }

    private async Task<Generated> AskAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        var context = new StoreContext(StoreOf(request), request.Cluster, request.Http, request.Calls, Retry: null, request.Time);
        var source = await webhook.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            using var answer = await source.FetchAsync(source.RequestFor(new RemoteReference(Key: "")), cancellationToken).ConfigureAwait(false)
                ?? throw new ProviderException(ProviderFailureKind.Invalid, "endpoint gave error 404 NotFound");
            return new Generated(answer.Values(property: null) ?? throw new ProviderException(ProviderFailureKind.Invalid, "the answer is not a JSON object"));
        }
    }

    /// <summary>Of the caller's namespace, so that no reference of a ClusterGenerator leads out of it.</summary>
    private static StoreDescription StoreOf(GeneratorRequest request) => new(GeneratorKinds.Webhook, "generator", request.Namespace, request.Spec);

    /// <summary>A store's message, with the fields as a generator has them.</summary>
    private static string InSpec(string message) => message.Replace(WebhookRules.Root, "spec", StringComparison.Ordinal);
}
