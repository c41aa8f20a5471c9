using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>A backup as the original's users make it: key Secrets as <c>kubectl get secret -o yaml</c> prints them, which nothing encrypts.</summary>
internal static class PlainBackup
{
    private const string Cut = "it was cut short or damaged";

    /// <summary>Every key that can be had, and of each other one why not; a Secret that is no sealing key is told and left alone.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="source">Its name.</param>
    /// <param name="prefix">The controller's <c>--key-prefix</c>, as for <see cref="ClusterKey"/>.</param>
    /// <exception cref="CommandException">No such backup.</exception>
    public static (IReadOnlyList<RestoredKey> Keys, IReadOnlyList<string> Problems) Read(byte[] bytes, string source, string prefix)
    {
        var (keys, problems) = (new List<RestoredKey>(), new List<string>());
        var manifest = Whole(bytes, source, problems);
        foreach (var item in manifest.Objects)
        {
            var key = new ClusterKey(item.Node, prefix);
            if (MissingOf(item, key) is { } missing) problems.Add($"{item}: has no {missing}; {Cut}");
            else if (item.Kind != Secret.SecretKind || key.Label.Length == 0) Talk.Warn($"{item} is no sealing key, for it has no label {SealedSecretAnnotations.SealingKeyLabel}; it is left alone");
            else if (key.Problem is { } problem) problems.Add($"{item}: {problem}");
            else if (key.PrivateKeyPem() is { } pem) keys.Add(new RestoredKey(key.Name, key.Label, Encoding.ASCII.GetBytes(pem + "\n"), key.Certificate!.Pem, key.Certificate));
        }
        if (manifest.HasListWithoutKind) problems.Add($"{source}: its end is missing, for it is a list and says no kind, which kubectl prints last; {Cut}");
        return keys.Count + problems.Count > 0 ? (keys, problems) : throw new CommandException($"{source} holds no keys; {KeyBackup.Question}");
    }

    /// <summary>What an object that kubectl printed has, and the begin of one has not: it prints data, kind, labels and name in this order.</summary>
    private static string? MissingOf(ManifestObject item, ClusterKey key) => item.Kind switch
    {
        null => item.Place.Item > 0 || key.Label.Length > 0 || item.Node.ContainsKey("data") || item.Node.ContainsKey("items") ? "kind" : null,
        Secret.SecretKind when key.Name.Length == 0 => "name",
        _ => null,
    };

    /// <summary>All of a file, or where it ends within a line and makes no sense with that, all before it.</summary>
    private static Manifest Whole(byte[] bytes, string source, List<string> problems)
    {
        var (manifest, failure) = TryRead(bytes, source);
        // "kind: Li" at the end says as little as no kind.
        if (manifest?.Objects.Any(item => item.Node["items"] is JsonArray) is false) return manifest;
        var lines = bytes[..(bytes.AsSpan().LastIndexOf((byte)'\n') + 1)];
        if (lines.Length < bytes.Length && TryRead(lines, source).Manifest is { Objects.Count: > 0 } rest)
        {
            problems.Add($"{source}: it ends within a line; {Cut}");
            return rest;
        }
        return manifest ?? throw new CommandException($"{source} holds no keys that can be read: {failure!.Message}; {KeyBackup.Question}", failure);
    }

    private static (Manifest? Manifest, ManifestException? Failure) TryRead(byte[] bytes, string source)
    {
        try
        {
            return (Manifest.Read(bytes, source), null);
        }
        catch (ManifestException failure)
        {
            return (null, failure);
        }
    }
}
