using System.Security.Cryptography;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Values;
using GitOpsSecrets.Seal.Cli.External;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Templates;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>ExternalSecrets, fetched from their stores now. They come last: their stores and credentials may stand anywhere in the stream.</summary>
/// <param name="hand">Gets every object of the stream, opened if it was encrypted.</param>
/// <param name="cluster">Where to look for what is not at hand; null for nowhere.</param>
/// <param name="own">Stores of the operator's own.</param>
/// <param name="time">The clock.</param>
internal sealed class ExternalRendering(ObjectsAtHand hand, ClusterAccess? cluster, OwnDefinitions own, TimeProvider time) : IObjectRendering, IAsyncDisposable
{
    private readonly ObjectLookup _objects = new(hand, cluster);
    private readonly TargetSecret _targets = new(new TargetRendererOptions { Execution = new ExecuteOptions { Time = time } }, explain: false);
    private StoresAtHand? _stores;
    private ValueCollector? _collector;

    public ObjectsAtHand Hand => hand;

    public bool Takes(ManifestObject source) =>
        ObjectDecoder.IsExternalSecret(source) && source.Node.Text("apiVersion")?.StartsWith(ExternalSecretNames.Group + "/", StringComparison.Ordinal) == true;

    public async Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        try
        {
            return await RenderAsync(source, ObjectDecoder.ExternalSecret(source), cancellationToken);
        }
        catch (Exception failure) when (failure is ValuesException or ProviderException or CommandException or KubeStatusException)
        {
            throw new RenderException((failure as CommandException)?.Problem ?? failure.Message, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null) await _stores.DisposeAsync();
        cluster?.Dispose();
    }

    private async Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, ExternalSecret externalSecret, CancellationToken cancellationToken)
    {
        var target = externalSecret.Spec.Target ?? new ExternalSecretTarget();
        if (target.EffectiveCreationPolicy == CreationPolicy.None) return [];
        var adds = target.EffectiveCreationPolicy is CreationPolicy.Merge or CreationPolicy.CreateOrMerge;
        if (adds && hand.Find(KindOf(target), Given(externalSecret.Metadata.Namespace), externalSecret.TargetName) is { } other)
            throw new CommandException($"creationPolicy {target.EffectiveCreationPolicy} adds to {other}, which would be two objects of one name in the output; leave one of them out");

        // As the controller takes it: an object without a namespace is in the one that is meant.
        externalSecret = externalSecret with { Metadata = externalSecret.Metadata with { Namespace = _objects.SpaceOf(externalSecret.Metadata.Namespace) } };
        _stores ??= new StoresAtHand(_objects, own, time);
        _collector ??= _stores.Collector();
        using var collected = await _collector.CollectAsync(externalSecret, default, cancellationToken);
        foreach (var missing in collected.Missing) Talk.Warn($"{source}: {missing}");
        foreach (var state in collected.States) Talk.Warn($"{source}: what {state.Reference.Kind} {state.Reference.Name} made is not taken back by anybody");
        if (collected.Values.Count == 0 && target.EffectiveDeletionPolicy != DeletionPolicy.Merge) return [];

        var written = "";
        var values = collected.Values.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var resources = await ResourcesAsync(target, externalSecret.Metadata.Namespace, cancellationToken);
        _targets.Make(
            source, externalSecret, values, resources,
            secret => written = RenderedSecret.Write(adds && target.Template?.Type is null ? secret with { Type = null } : secret, source),
            other => written = RenderedSecret.Write(other, source),
            cancellationToken);
        foreach (var texts in resources.Values)
        {
            foreach (var bytes in texts.Values) CryptographicOperations.ZeroMemory(bytes);
        }
        return [written];
    }

    private async Task<Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>> ResourcesAsync(ExternalSecretTarget target, string? space, CancellationToken cancellationToken)
    {
        var resources = new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>();
        if (target.Template is null) return resources;
        foreach (var resource in TemplateRules.Resources(target.Template))
        {
            var kind = resource.Kind == TemplateResourceKind.Secret ? ObjectKind.Secret : ObjectKind.ConfigMap;
            if (await _objects.FindAsync(kind, space, resource.Name, cancellationToken) is { } found) resources[resource] = TemplateResources.Texts(found);
        }
        return resources;
    }

    /// <summary>What it writes; of kinds besides Secrets only the name counts, and only among what is at hand.</summary>
    private static ObjectKind KindOf(ExternalSecretTarget target) => target.Manifest is { } manifest && manifest.Kind != ObjectKind.Secret.Name ? new ObjectKind(manifest.Kind, "", "") : ObjectKind.Secret;

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
