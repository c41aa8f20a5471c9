using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// SopsSecret → Secrets in clear, or why not. Decides also whether this object may hold this ciphertext at all: keys that serve the whole cluster would
/// otherwise open any file for whoever copies it into a namespace of theirs (docs/design/0015-where-a-sopssecret-belongs.md).
/// </summary>
/// <param name="keys">Private keys.</param>
/// <param name="allowUnbound">Keys of the whole cluster also open what does not say where it belongs, as with the original.</param>
internal sealed class SopsOpener(SopsKeySources keys, bool allowUnbound)
{
    /// <returns>To be disposed.</returns>
    /// <exception cref="SopsRefusedException">It does not open, or not here.</exception>
    /// <exception cref="KubeApiException">A key Secret cannot be read.</exception>
    public async Task<OpenedSopsSecret> OpenAsync(SopsSecret source, CancellationToken cancellationToken)
    {
        try
        {
            var document = SopsDocument.Read(source);
            using var own = await keys.OfNamespaceAsync(source, cancellationToken).ConfigureAwait(false);
            var problems = new List<SopsException>();
            using var byOwn = await TryOpenAsync(document, own.Keyring, problems, cancellationToken).ConfigureAwait(false);
            if (byOwn is not null) return Read(source, document, byOwn, isTrusted: true);
            using var cluster = await keys.OfClusterAsync(cancellationToken).ConfigureAwait(false);
            using var byCluster = await TryOpenAsync(document, cluster.Keyring, problems, cancellationToken).ConfigureAwait(false);
            if (byCluster is not null) return Read(source, document, byCluster, isTrusted: allowUnbound);
            throw NoKey(source, document, [.. own.Problems, .. cluster.Problems], problems);
        }
        catch (SopsException failure)
        {
            throw new SopsRefusedException(SopsReason.Of(failure.Failure), failure.Message);
        }
    }

    /// <param name="document">What to open.</param>
    /// <param name="keyring">With which keys; <c>null</c> for none.</param>
    /// <param name="problems">Gets why not.</param>
    /// <param name="cancellationToken">Ends calls to key services.</param>
    /// <returns><c>null</c> when the keys do not open the data key.</returns>
    private static async Task<OpenSopsFile?> TryOpenAsync(SopsDocument document, SopsKeyring? keyring, List<SopsException> problems, CancellationToken cancellationToken)
    {
        if (keyring is null) return null;
        try
        {
            return await document.File.OpenAsync(keyring, document.IsText ? MacCheck.Required : MacCheck.Impossible, null, cancellationToken).ConfigureAwait(false);
        }
        catch (SopsException failure) when (failure.Failure is SopsFailure.NoKey or SopsFailure.Unavailable)
        {
            problems.Add(failure);
            return null;
        }
    }

    private static OpenedSopsSecret Read(SopsSecret source, SopsDocument document, OpenSopsFile opened, bool isTrusted)
    {
        var secrets = new List<DeclaredSecret>();
        var verdict = !document.IsText ? MacVerdict.Impossible : document.File.Metadata.MacOnlyEncrypted ? MacVerdict.OfEncryptedOnly : MacVerdict.Verified;
        var result = new OpenedSopsSecret(secrets, verdict);
        try
        {
            if (document.IsText) new ManifestReader(document.File.Documents, clearCounts: verdict == MacVerdict.Verified).Read(opened.Plain.Documents, secrets);
            else TemplateReader.Read(opened.Plain.Documents[0], document.File.Documents[0], (null, false), secrets);
            RequirePlace(source, secrets, isTrusted);
            RequireDistinctNames(secrets);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The messages tell nothing of what was opened: who reads them may be the one whom it was not meant for.</summary>
    private static void RequirePlace(SopsSecret source, List<DeclaredSecret> secrets, bool isTrusted)
    {
        var key = new NamespacedName(source.Metadata.Namespace ?? "", source.Metadata.Name ?? "");
        foreach (var declared in secrets)
        {
            if (declared.Place is { } place && !place.Allows(key)) throw new SopsRefusedException(SopsReason.BoundElsewhere, $"its author bound it to another place than {key}");
            if (!declared.IsBound && !isTrusted)
            {
                throw new SopsRefusedException(
                    SopsReason.NotBound,
                    $"it does not say, encrypted, where it belongs, so a key that serves the whole cluster does not open it: put the key into a Secret of this namespace, "
                    + $"or encrypt {SopsSecretAnnotations.BoundToField}: {key} into the template (in a Secret that spec.document carries, the annotation {SopsSecretAnnotations.BoundTo})");
            }
        }
    }

    private static void RequireDistinctNames(List<DeclaredSecret> secrets)
    {
        var names = new HashSet<string?>(StringComparer.Ordinal);
        if (secrets.Find(declared => !names.Add(declared.Secret.Metadata.Name)) is { } twice) throw SecretItems.Invalid($"Secret {twice.Secret.Metadata.Name} is declared twice");
    }

    /// <summary>Recipients are public; they say which private key is missing. Where a service keeps the key, its own words say more.</summary>
    private SopsRefusedException NoKey(SopsSecret source, SopsDocument document, List<string> unusable, List<SopsException> problems)
    {
        const int MostShown = 5;
        var entries = document.File.Metadata.KeyGroups.SelectMany(group => group.Keys).ToList();
        var byService = entries.Exists(key => KeyServiceCatalog.Knows(key.Kind));
        if (byService) unusable.AddRange(problems.Select(problem => problem.Message).Distinct(StringComparer.Ordinal));
        var shown = string.Join(", ", entries.Select(key => key.ToString()).Take(MostShown)) + (entries.Count > MostShown ? ", …" : "");
        var why = unusable.Count == 0 ? "" : $" ({string.Join("; ", unusable.Take(MostShown))})";
        var isAway = problems.Exists(problem => problem.Failure == SopsFailure.Unavailable);
        var message = isAway ? $"a service that keeps a key does not answer{why}" : $"no private key for {shown}, neither in Secret {keys.OwnSecretOf(source)} nor among the controller's{why}";
        return new SopsRefusedException(isAway ? SopsReason.KeyServiceUnavailable : SopsReason.NoKey, message) { MayPass = byService };
    }
}
