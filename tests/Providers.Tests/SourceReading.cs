using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Providers.Tests;

/// <summary>Reads a source as a <c>data</c> entry does.</summary>
internal static class SourceReading
{
    /// <summary>The value as text; null where there is no such secret.</summary>
    public static async Task<string?> TextAsync(this ISecretSource source, RemoteReference reference)
    {
        using var secret = await source.FetchAsync(source.RequestFor(reference), TestContext.Current.CancellationToken);
        return secret?.Value(reference.Property) is { } value ? Encoding.UTF8.GetString(value) : null;
    }

    /// <summary>The fields that such an entry has for nothing.</summary>
    public static IEnumerable<string> Unused(this ISecretSource source, RemoteRef remote) => UnusedFields.Of(new ExternalSecretData { SecretKey = "a", RemoteRef = remote }, source);
}
