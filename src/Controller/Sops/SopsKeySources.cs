using System.Text;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// Where private keys come from: the Secret that a SopsSecret names (or the one of the agreed name) in its own namespace; Secrets of the controller's
/// namespace; files and variables of the controller itself, and its own identity where a service keeps the key. Those of the namespace are its own affair; the rest serves the whole cluster.
/// </summary>
internal sealed class SopsKeySources(SecretWriter secrets, SopsRemoteKeys services, ControllerOptions options, IReadOnlyDictionary<string, string> environment)
{
    public const string KeyFileVariable = "SOPS_AGE_KEY_FILE";
    public const string KeyVariable = "SOPS_AGE_KEY";

    /// <summary>Whether keys may come from where no watch tells of a change, so that a failure must be retried.</summary>
    public bool HasUnwatched => options.SopsKeyFiles.Count > 0 || environment.ContainsKey(KeyFileVariable);

    /// <summary>The key Secret of a SopsSecret in its own namespace, there or not.</summary>
    public NamespacedName OwnSecretOf(SopsSecret source) =>
        new(source.Metadata.Namespace ?? "", source.Spec.Decryption?.SecretRef?.Name is { Length: > 0 } named ? named : options.SopsNamespaceSecret);

    /// <summary>Whether a change of the Secret may be a change of a key of the whole cluster.</summary>
    public bool IsOfCluster(NamespacedName secret) => secret.Namespace == options.OwnNamespace && options.SopsKeysSecrets.Contains(secret.Name, StringComparer.Ordinal);

    /// <exception cref="KubeApiException">The API server refused.</exception>
    /// <exception cref="SopsRefusedException">The Secret that the object names is not there.</exception>
    public async Task<SopsKeys> OfNamespaceAsync(SopsSecret source, CancellationToken cancellationToken)
    {
        var name = OwnSecretOf(source);
        if (name.Name.Length == 0) return SopsKeys.None;
        if (await secrets.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } secret) return SopsKeys.Of(secret, services);
        return source.Spec.Decryption?.SecretRef is null ? SopsKeys.None : throw new SopsRefusedException(SopsReason.NoKey, $"the key Secret {name} is not there");
    }

    /// <exception cref="KubeApiException">The API server refused.</exception>
    public async Task<SopsKeys> OfClusterAsync(CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        var problems = new List<string>();
        var credentials = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in options.SopsKeysSecrets.Select(name => new NamespacedName(options.OwnNamespace, name)))
        {
            var secret = await secrets.FindAsync(name, cancellationToken).ConfigureAwait(false);
            if (secret is null) problems.Add($"Secret {name}: not there");
            if (secret is null) continue;
            foreach (var (item, credential) in SopsRemoteKeys.TakeCredentials(secret)) credentials[item] = credential;
            foreach (var (item, content) in secret.Data ?? []) files[$"Secret {name}, {item}"] = content;
        }
        IEnumerable<string> paths = environment.TryGetValue(KeyFileVariable, out var variable) ? [.. options.SopsKeyFiles, variable] : options.SopsKeyFiles;
        foreach (var path in paths) await ReadAsync(path, files, problems, cancellationToken).ConfigureAwait(false);
        if (environment.TryGetValue(KeyVariable, out var text)) files[KeyVariable] = Encoding.UTF8.GetBytes(text);
        var (shared, own) = services.OfCluster(credentials);
        var keys = SopsKeys.Of(files, "the controller's keys", [.. shared, .. own]);
        return keys with { Problems = [.. problems, .. keys.Problems], Services = own };
    }

    private static async Task ReadAsync(string path, SortedDictionary<string, byte[]?> files, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            files[path] = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: cannot be read ({failure.GetType().Name})");
        }
    }
}
