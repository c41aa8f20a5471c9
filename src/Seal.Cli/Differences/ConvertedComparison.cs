using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>A file that SOPS encrypted on one side and that holds SealedSecrets on the other, as <c>seal convert</c> makes it: nothing of it is in clear.</summary>
internal static class ConvertedComparison
{
    private const string SopsSealed = "ENC[AES256_GCM,";

    /// <summary>What SOPS encrypted and may have become a Secret; what is null is encrypted too, or not there.</summary>
    private sealed record Encrypted(string? Kind, string? Namespace, string? Name, IReadOnlyCollection<string> Items)
    {
        public override string ToString() => $"{Kind ?? "an object"}{(Name is null ? "" : Namespace is null ? $" {Name}" : $" {Namespace}/{Name}")}";
    }

    /// <returns>The SealedSecrets; null where the file holds anything else, which may be in clear.</returns>
    public static IReadOnlyList<ManifestObject>? SealedSecrets(FileVersion version) =>
        Objects(version) is { Count: > 0 } objects && objects.All(ObjectDecoder.IsSealedSecret) ? objects : null;

    /// <param name="sops">The side that SOPS encrypted.</param>
    /// <param name="sealedSecrets">The other side.</param>
    /// <param name="isSealedNow">Whether that is what the file became.</param>
    public static IEnumerable<Difference> Run(FileVersion sops, IReadOnlyList<ManifestObject> sealedSecrets, bool isSealedNow)
    {
        var left = (Objects(sops) ?? []).SelectMany(Secrets).ToList();
        var alone = new List<ManifestObject>();
        foreach (var source in sealedSecrets)
        {
            var match = left.FindIndex(secret => IsSame(secret, source.Node));
            // One that is left on each side is the same under another name, or under one that cannot be read.
            if (match < 0 && left.Count == 1 && sealedSecrets.Count == 1) match = 0;
            if (match < 0)
            {
                alone.Add(source);
                continue;
            }
            foreach (var change in Pair(left[match], source, isSealedNow)) yield return change;
            left.RemoveAt(match);
        }
        foreach (var change in alone.SelectMany(source => SealedComparison.Run(isSealedNow ? null : source, isSealedNow ? source : null))) yield return change;
        foreach (var secret in left)
        {
            yield return isSealedNow
                ? new Difference("removed", "SOPS", null, $"{secret}, encrypted with SOPS, removed")
                : new Difference("added", "SOPS", null, $"{secret} added, encrypted with SOPS");
        }
    }

    private static IEnumerable<Difference> Pair(Encrypted secret, ManifestObject source, bool isSealedNow)
    {
        var subject = ManifestPlace.Describe(source.Node);
        var scope = SealedComparison.Scope(source);
        var kind = scope is null ? "SealedSecret" : $"SealedSecret ({scope})";
        yield return new Difference("converted", subject, null, isSealedNow ? $"encrypted with SOPS before, now a {kind}" : $"a {kind} before, now encrypted with SOPS");
        // The old form has all items in one text.
        if (source.Node["spec"] is not JsonObject spec || spec["encryptedData"] is not JsonObject items) yield break;
        var names = items.Select(item => item.Key).ToList();
        var (old, now) = isSealedNow ? (secret.Items, (IReadOnlyCollection<string>)names) : (names, secret.Items);
        foreach (var item in now.Except(old).Order(StringComparer.Ordinal)) yield return new Difference("item-added", subject, item, $"item {item} added");
        foreach (var item in old.Except(now).Order(StringComparer.Ordinal)) yield return new Difference("item-removed", subject, item, $"item {item} removed");
    }

    private static bool IsSame(Encrypted secret, JsonObject node)
    {
        var metadata = node["metadata"] as JsonObject;
        return secret.Name is not null && secret.Name == metadata.Text("name") && secret.Namespace == metadata.Text("namespace");
    }

    /// <summary>A Secret, or those that a SopsSecret stands for.</summary>
    private static IEnumerable<Encrypted> Secrets(ManifestObject source)
    {
        var metadata = source.Node["metadata"] as JsonObject;
        var space = Readable(metadata.Text("namespace"));
        if ((source.Node["spec"] as JsonObject)?["secretTemplates"] is JsonArray templates && SopsSecretManifest.Is(source.Node))
            return templates.OfType<JsonObject>().Select(template => new Encrypted(SopsSecret.SopsSecretKind, space, Readable(template.Text("name")), Items(template)));
        return [new Encrypted(Readable(source.Kind), space, Readable(metadata.Text("name")), Items(source.Node))];
    }

    private static List<string> Items(JsonObject holder) => [.. ((string[])["data", "stringData"]).SelectMany(field => holder[field] as JsonObject ?? []).Select(item => item.Key).Distinct()];

    private static string? Readable(string? text) => text is null || text.StartsWith(SopsSealed, StringComparison.Ordinal) ? null : text;

    private static IReadOnlyList<ManifestObject>? Objects(FileVersion version)
    {
        try
        {
            return version.Content is { } bytes ? Manifest.Read(bytes, version.Source).Objects : null;
        }
        catch (ManifestException)
        {
            return null;
        }
    }
}
