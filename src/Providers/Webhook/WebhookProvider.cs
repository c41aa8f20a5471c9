using System.Net;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>Any HTTP endpoint that answers with secrets: what is asked of it, and what is taken from the answer, stands in the store.</summary>
public sealed class WebhookProvider : IProvider
{
    private const string TypeLabel = "external-secrets.io/type";
    private const string TypeValue = "webhook";

    public string Name => "webhook";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(WebhookRules.Root, store.Options, WebhookStoreJson.Default.WebhookStore, options => WebhookRules.Problems(store, options));
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return WebhookRules.Unused(StoreOptions.Read(WebhookRules.Root, store.Options, WebhookStoreJson.Default.WebhookStore));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(WebhookRules.Root, context.Store.Options, WebhookStoreJson.Default.WebhookStore, options => WebhookRules.Problems(context.Store, options));
        var templates = WebhookTemplates.Of(options);
        var settings = new HttpSettings
        {
            Authorities = await Authorities.ReadAsync(options.CaBundle, options.CaProvider, context.Cluster, cancellationToken).ConfigureAwait(false),
            Credentials = options.Auth?.Ntlm is { } ntlm ? await CredentialsAsync(context, ntlm, cancellationToken).ConfigureAwait(false) : null,
            Timeout = options.Timeout?.Value,
            Retry = context.Retry,
            GuardAddresses = true,
        };
        var secrets = await SecretsAsync(context, options, cancellationToken).ConfigureAwait(false);
        var client = new WebhookClient(context.Http.Create(settings), templates, new CallMeter(context.Calls, "Webhook", context.Time), context.Time);
        var method = string.IsNullOrEmpty(options.Method) ? null : new HttpMethod(options.Method);
        return new WebhookSource(client, new WebhookProbe(options.Url, context.Time), method, templates.MentionsNamespace ? context.Cluster.CallerNamespace ?? "" : null, secrets);
    }

    private static async Task<List<(string Name, ClusterSecret Secret)>> SecretsAsync(StoreContext context, WebhookStore options, CancellationToken cancellationToken)
    {
        var secrets = new List<(string Name, ClusterSecret Secret)>();
        try
        {
            foreach (var named in options.Secrets ?? []) secrets.Add((named.Name, await ReadAsync(context, named.SecretRef, cancellationToken).ConfigureAwait(false)));
            return secrets;
        }
        catch
        {
            foreach (var (_, secret) in secrets) secret.Dispose();
            throw;
        }
    }

    /// <summary>A Secret that its owner marked for webhooks: a store's author can have any other sent nowhere.</summary>
    private static async Task<ClusterSecret> ReadAsync(StoreContext context, SecretKeySelector selector, CancellationToken cancellationToken)
    {
        var secret = await context.Cluster.ReadSecretAsync(selector.Namespace, selector.Name ?? "", cancellationToken).ConfigureAwait(false);
        if (secret.Labels.GetValueOrDefault(TypeLabel) == TypeValue) return secret;
        using (secret)
        {
            throw new ProviderException(ProviderFailureKind.Denied, $"Secret {secret} does not contain needed label '{TypeLabel}: {TypeValue}'. Update secret label to use it with webhook");
        }
    }

    private static async Task<NetworkCredential> CredentialsAsync(StoreContext context, WebhookAuth.NtlmAuth ntlm, CancellationToken cancellationToken)
    {
        var user = await TextAsync(context, ntlm.UsernameSecret, cancellationToken).ConfigureAwait(false);
        var password = await TextAsync(context, ntlm.PasswordSecret, cancellationToken).ConfigureAwait(false);
        return user.Split('\\', 2) is [var domain, var name] ? new NetworkCredential(name, password, domain) : new NetworkCredential(user, password);
    }

    private static async Task<string> TextAsync(StoreContext context, SecretKeySelector selector, CancellationToken cancellationToken)
    {
        using var secret = await ReadAsync(context, selector, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(secret.Values.Find(selector.Key ?? "") ?? throw new ProviderException(ProviderFailureKind.Invalid, $"Secret {secret} has no key {selector.Key}"));
    }
}
