namespace GitOpsSecrets.Providers.Tests.Webhook;

/// <summary>A request as the endpoint got it.</summary>
internal sealed record WebhookSeen(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
