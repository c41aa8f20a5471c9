using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>
/// Imports certificates, and finds them again by their tags: <c>managed-by</c>, and the remote key. A certificate keeps its address when it is renewed, so that load balancers
/// go on with it. Touches only what is tagged as ours.
/// </summary>
internal sealed partial class CertificatePush(CertificateClient certificates, string prefix)
{
    /// <summary>Has the remote key.</summary>
    public const string KeyTag = "external-secrets-remote-key";

    /// <summary>Has a fingerprint of what was imported: what Certificate Manager says of a chain is not always what it was given.</summary>
    private const string ContentTag = "external-secrets-content-hash";

    private readonly CertificateAddresses known = new();

    /// <exception cref="ProviderException">The Secret holds no certificate with its key, the wishes make no sense, or AWS refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(request.SecretKey))
            throw Invalid($"secretKey must be empty for AWS Certificate Manager: it takes the whole Secret, {CertificateBundle.CertificateItem} and {CertificateBundle.KeyItem} together");
        var wishes = PushMetadata<CertificateWishes>.Read(request.Metadata, AwsPushJson.Default.CertificateManager);
        request.LeaveProperty();
        var bundle = CertificateBundle.Of(request.Source);
        var key = KeyOf(request.Place);
        var tags = AwsOwnership.Tags(wishes.Tags);
        (tags[KeyTag], tags[ContentTag]) = (key, bundle.Fingerprint());
        foreach (var arn in await FindAsync(key, cancellationToken).ConfigureAwait(false))
        {
            // The first that there still is: several are left of times when the tags of the first were not to be found yet.
            if (await RenewAsync(arn, bundle, tags, cancellationToken).ConfigureAwait(false)) return;
            known.Forget(key);
        }
        known.Remember(key, await certificates.ImportAsync(bundle, null, tags, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Takes every certificate of the key, whatever the property.</summary>
    /// <exception cref="ProviderException">AWS refused: it is in use, for one.</exception>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var key = KeyOf(place);
        foreach (var arn in await FindAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (await certificates.TagsAsync(arn, cancellationToken).ConfigureAwait(false) is { } tags && AwsOwnership.IsOurs(tags)) await certificates.DeleteAsync(arn, cancellationToken).ConfigureAwait(false);
            known.Forget(key);
        }
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var key = KeyOf(place);
        foreach (var arn in await FindAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (await certificates.TagsAsync(arn, cancellationToken).ConfigureAwait(false) is not null) return true;
            known.Forget(key);
        }
        return false;
    }

    /// <summary>Those that the tags tell of, and the one that was imported a moment ago, of which they may not tell yet.</summary>
    private async Task<IReadOnlyList<string>> FindAsync(string key, CancellationToken cancellationToken)
    {
        var found = await certificates.FindAsync([.. AwsOwnership.Tags([new(KeyTag, key)])], cancellationToken).ConfigureAwait(false);
        return known.Find(key) is { } arn && !found.Contains(arn, StringComparer.Ordinal) ? [.. found, arn] : found;
    }

    /// <returns><c>false</c> when there is no such certificate any more.</returns>
    private async Task<bool> RenewAsync(string arn, CertificateBundle bundle, SortedDictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        using var there = await certificates.GetAsync(arn, cancellationToken).ConfigureAwait(false);
        if (there is null || await certificates.TagsAsync(arn, cancellationToken).ConfigureAwait(false) is not { } present) return false;
        var leaf = JsonMembers.Text(there.Root, "Certificate") ?? throw CertificateClient.Strange("GetCertificate");
        var isSame = bundle.IsSame(leaf, JsonMembers.Text(there.Root, "CertificateChain")) || (bundle.HasLeaf(leaf) && present.GetValueOrDefault(ContentTag) == wanted[ContentTag]);
        if (!isSame)
        {
            await certificates.ImportAsync(bundle, arn, null, cancellationToken).ConfigureAwait(false);
            // It keeps its tags at AWS; emulators forget them.
            present = await certificates.TagsAsync(arn, cancellationToken).ConfigureAwait(false) ?? [];
        }
        if (AwsOwnership.TooMany(present, wanted) is { Count: > 0 } gone)
        {
            await certificates.TagAsync("RemoveTagsFromCertificate", arn, gone.Select(name => KeyValuePair.Create(name, present[name])), cancellationToken).ConfigureAwait(false);
        }
        if (AwsOwnership.Missing(present, wanted) is { Count: > 0 } added) await certificates.TagAsync("AddTagsToCertificate", arn, added, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private string KeyOf(RemotePlace place)
    {
        var key = prefix + place.Key;
        return key.Length <= 256 && TagValue().IsMatch(key)
            ? key
            : throw Invalid($"remoteKey \"{key}\" cannot be the value of a tag, by which AWS Certificate Manager knows it: at most 256 letters, digits, spaces and _ . : / = + - @");
    }

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagValue();
}
