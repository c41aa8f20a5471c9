using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.External;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>The Secrets of a namespace, those that Sealed Secrets and External Secrets made included.</summary>
/// <param name="cluster">Where.</param>
/// <param name="names">Which; empty for all that people made.</param>
/// <param name="selector">Labels that they have; empty for any.</param>
internal sealed class ClusterSecrets(ClusterAccess cluster, IReadOnlyList<string> names, string selector) : IImportSource
{
    /// <summary>Made by the cluster or by tools for themselves: of no use elsewhere.</summary>
    private static readonly string[] OwnTypes = ["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token", "helm.sh/release.v1"];

    /// <summary>Labels and annotations by which controllers and delivery tools know what is theirs.</summary>
    private static readonly string[] Marks =
    [
        "kubectl.kubernetes.io/", "kubecfg.ksonnet.io/", "reconcile.external-secrets.io/", "sealedsecrets.bitnami.com/", "gitopssecrets.io/", "sopssecret/",
        "meta.helm.sh/", "argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "config.kubernetes.io/", "internal.config.kubernetes.io/",
    ];

    public async IAsyncEnumerable<ImportedSecret> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = await cluster.ClientAsync(cancellationToken);
        var space = cluster.DefaultNamespace;
        var listed = await client.ListAsync(ObjectKind.Secret.Path(space), selector, cancellationToken);
        if (names.FirstOrDefault(name => !listed.Any(item => NameOf(item) == name)) is { } missing) throw new CommandException($"there is no Secret {space}/{missing}");
        foreach (var item in listed.Where(item => names.Count == 0 ? IsMadeByPeople(item) : names.Contains(NameOf(item))).OrderBy(NameOf, StringComparer.Ordinal))
        {
            var secret = Read(item);
            if (secret.Data is null or { Count: 0 })
            {
                Talk.Warn($"{secret} holds nothing; passed over");
                continue;
            }
            var origin = $"{secret} {secret.Metadata.Uid} {secret.Metadata.ResourceVersion}";
            yield return new ImportedSecret(Clean(secret), origin, External: null);
        }
    }

    private static bool IsMadeByPeople(JsonObject item) =>
        !OwnTypes.Contains(item.Text("type")) && ((item["metadata"] as JsonObject)?["labels"] as JsonObject).Text(SealedSecretAnnotations.SealingKeyLabel) is null;

    private static Secret Clean(Secret secret) => secret with
    {
        Metadata = new ObjectMeta { Name = secret.Metadata.Name, Namespace = secret.Metadata.Namespace, Labels = Clean(secret.Metadata.Labels), Annotations = Clean(secret.Metadata.Annotations) },
    };

    private static SortedDictionary<string, string>? Clean(SortedDictionary<string, string>? entries)
    {
        var kept = new SortedDictionary<string, string>((entries ?? []).Where(entry => !Marks.Any(mark => entry.Key.StartsWith(mark, StringComparison.Ordinal))).ToDictionary(), StringComparer.Ordinal);
        return kept.Count > 0 ? kept : null;
    }

    private static Secret Read(JsonObject item)
    {
        try
        {
            return item.Deserialize(ApiJson.Compact.Secret)!;
        }
        catch (JsonException failure)
        {
            throw new CommandException($"Secret {NameOf(item)}: {failure.Message}", failure);
        }
    }

    private static string NameOf(JsonObject item) => (item["metadata"] as JsonObject).Text("name") ?? "";
}
