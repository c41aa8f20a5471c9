using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>A backup as the original's users make it: key Secrets as <c>kubectl get secret -o yaml</c> prints them, which nothing encrypts.</summary>
internal static class PlainBackup
{
    /// <summary>Every key that can be had, and of each other one why not; a Secret that is no sealing key is told and left alone.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="source">Its name.</param>
    /// <param name="prefix">The controller's <c>--key-prefix</c>, as for <see cref="ClusterKey"/>.</param>
    /// <exception cref="CommandException">No such backup.</exception>
    public static (IReadOnlyList<RestoredKey> Keys, IReadOnlyList<string> Problems) Read(byte[] bytes, string source, string prefix)
    {
        var (keys, problems) = (new List<RestoredKey>(), new List<string>());
        foreach (var item in Objects(bytes, source))
        {
            var key = new ClusterKey(item.Node, prefix);
            if (item.Kind != Secret.SecretKind || key.Label.Length == 0) Talk.Warn($"{item} is no sealing key, for it has no label {SealedSecretAnnotations.SealingKeyLabel}; it is left alone");
            else if (key.Problem is { } problem) problems.Add($"{item}: {problem}");
            else if (key.PrivateKeyPem() is { } pem) keys.Add(new RestoredKey(key.Name, key.Label, Encoding.ASCII.GetBytes(pem + "\n"), key.Certificate!.Pem, key.Certificate));
        }
        return keys.Count + problems.Count > 0 ? (keys, problems) : throw new CommandException($"{source} holds no keys; {KeyBackup.Question}");
    }

    private static IReadOnlyList<ManifestObject> Objects(byte[] bytes, string source)
    {
        try
        {
            return Manifest.Read(bytes, source).Objects;
        }
        catch (ManifestException failure)
        {
            throw new CommandException($"{source} holds no keys that can be read: {failure.Message}; {KeyBackup.Question}", failure);
        }
    }
}
