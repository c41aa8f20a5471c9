using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>What can be wrong with a webhook store as written: pure.</summary>
internal static class WebhookRules
{
    public const string Root = "spec.provider.webhook";

    public static IEnumerable<string> Problems(StoreDescription store, WebhookStore options) => [
        .. UrlProblems(options.Url),
        .. string.IsNullOrEmpty(options.Method) || options.Method.All(char.IsAsciiLetter) ? [] : (string[])[$"{Root}.method \"{options.Method}\" is no HTTP method"],
        .. TemplateProblems(options),
        .. PathProblems(options.Result?.JsonPath),
        .. options.Timeout is { Value: null } timeout ? [$"{Root}.timeout: {timeout.Error}"] : (string[])[],
        .. options.Timeout is { Value: { } value } && value <= TimeSpan.Zero ? [$"{Root}.timeout must be longer than nothing"] : (string[])[],
        .. SecretProblems(store, options),
        .. CredentialProblems(store, Root + ".auth.ntlm.usernameSecret", options.Auth?.Ntlm?.UsernameSecret),
        .. CredentialProblems(store, Root + ".auth.ntlm.passwordSecret", options.Auth?.Ntlm?.PasswordSecret),
    ];

    private static IEnumerable<string> UrlProblems(string url)
    {
        if (string.IsNullOrWhiteSpace(url)) yield return $"{Root}.url is required";
        else if (!WebhookTemplates.IsTemplate(url) && !WebhookTemplates.TryAddress(url, out _)) yield return $"{Root}.url is not an http or https address";
    }

    private static string[] TemplateProblems(WebhookStore options)
    {
        try
        {
            _ = WebhookTemplates.Of(options);
            return [];
        }
        catch (ProviderException failure)
        {
            return [failure.Message];
        }
    }

    private static IEnumerable<string> PathProblems(string? path)
    {
        if (string.IsNullOrEmpty(path) || WebhookTemplates.IsTemplate(path)) yield break;
        string? problem = null;
        try
        {
            _ = JsonPath.Parse(path);
        }
        catch (ProviderException failure)
        {
            problem = failure.Message;
        }

        if (problem is not null) yield return $"{Root}.result.jsonPath: {problem}";
    }

    private static IEnumerable<string> SecretProblems(StoreDescription store, WebhookStore options)
    {
        foreach (var (position, secret) in (options.Secrets ?? []).Index())
        {
            var path = $"{Root}.secrets[{position}]";
            if (string.IsNullOrEmpty(secret.Name)) yield return $"{path}.name is required";
            foreach (var problem in CredentialProblems(store, path + ".secretRef", secret.SecretRef, defaultKey: "")) yield return problem;
        }
    }

    private static IEnumerable<string> CredentialProblems(StoreDescription store, string path, SecretKeySelector? selector, string? defaultKey = null)
    {
        foreach (var problem in SelectorRules.Problems(store, path, selector, defaultKey)) yield return problem;
        if (store.IsClusterWide && selector is not null && string.IsNullOrEmpty(selector.Namespace)) yield return $"{path}.namespace is required in a ClusterSecretStore";
    }

    /// <summary>Templates see a Secret with all its keys.</summary>
    /// <param name="own">The namespace where all is read; null where selectors have a say.</param>
    public static IEnumerable<string> Unused(WebhookStore options, string? own = null) =>
    [
        .. UnusedOptions.Authorities(Root, options.CaBundle, options.CaProvider, own),
        .. UnusedOptions.Given((options.Secrets ?? []).Select((secret, position) => ($"{Root}.secrets[{position}].secretRef.key", (object?)secret.SecretRef.Key))),
    ];
}
