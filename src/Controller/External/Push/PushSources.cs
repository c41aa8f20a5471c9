using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>The Secrets that a PushSecret chooses, or its generator; read when they are pushed, and not before.</summary>
internal sealed class PushSources(KubeClient kube, ExternalCaches shared, TargetMaker maker)
{
    private const string Opaque = "Opaque";
    private static readonly KubeKind<PartialObjectMetadata> Metadata = KubeKind.MetadataOf(ClusterKinds.SecretResource);

    /// <summary>Which Secrets it is about. By name the caches know; by labels the API server is asked, since the caches keep no labels of Secrets.</summary>
    /// <param name="isOwn">Whether a Secret was pushed by the PushSecret itself: a copy with its source's labels is no source, else it would be copied for ever.</param>
    public async Task<PushOrigin> FindAsync(PushSecret source, Func<PartialObjectMetadata, CancellationToken, Task<bool>> isOwn, CancellationToken cancellationToken)
    {
        var ns = source.Metadata.Namespace ?? "";
        if (source.Spec.Selector.Secret is not { } wanted) return new PushOrigin([], "");
        if (!string.IsNullOrEmpty(wanted.Name))
        {
            var name = new NamespacedName(ns, wanted.Name);
            return shared.VersionOf(new ClusterRecord(true, name, null)) is { } version ? new PushOrigin([name], version) : new PushOrigin([], "");
        }
        var all = await kube.ListAsync(Metadata, new ListQuery { Namespace = ns }, cancellationToken).ConfigureAwait(false);
        var chosen = new List<PartialObjectMetadata>();
        var labelled = all.Where(secret => wanted.Selector is { } selector && LabelMatch.Matches(selector, secret.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal)))
            .OrderBy(secret => secret.Key.Name, StringComparer.Ordinal);
        foreach (var secret in labelled)
        {
            if (!await isOwn(secret, cancellationToken).ConfigureAwait(false)) chosen.Add(secret);
        }
        return new PushOrigin([.. chosen.Select(secret => secret.Key)], string.Join(',', chosen.Select(secret => $"{secret.Uid} {secret.ResourceVersion}")));
    }

    /// <summary>Whether the Secret named is really not there: the cache may be late. For those with labels the API server was asked already.</summary>
    public async Task<bool> IsGoneAsync(PushSecret source, CancellationToken cancellationToken) =>
        source.Spec.Selector.Secret?.Name is not { Length: > 0 } name
            ? source.Spec.Selector.Secret?.Selector is not null
            : await kube.FindAsync(Metadata, new NamespacedName(source.Metadata.Namespace ?? "", name), cancellationToken).ConfigureAwait(false) is null;

    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="GoTemplate.Rendering.TargetTemplateException">The template gives nothing.</exception>
    public async Task<IReadOnlyList<PushedSource>> ReadAsync(PushSecret source, PushOrigin origin, PushDraw? draw, CancellationToken cancellationToken)
    {
        var read = new List<PushedSource>();
        try
        {
            if (draw is not null) read.Add(Of(draw));
            foreach (var name in origin.Secrets)
            {
                // One that went since is another pass's business: its event is on the way.
                if (await kube.FindAsync(ClusterKinds.Secrets, name, cancellationToken).ConfigureAwait(false) is { } secret) read.Add(Of(secret));
            }
            for (var i = 0; i < read.Count && source.Spec.Template is not null; i++) read[i] = await RenderAsync(source, read[i], cancellationToken).ConfigureAwait(false);
            return read;
        }
        catch
        {
            foreach (var made in read) made.Dispose();
            throw;
        }
    }

    private static PushedSource Of(PushDraw draw)
    {
        var values = new SecretValues();
        foreach (var (key, value) in draw.Values.Entries) values.Set(key, [.. value]);
        return new PushedSource(values, Opaque, new Dictionary<string, string>(), new Dictionary<string, string>());
    }

    private static PushedSource Of(Secret secret)
    {
        var values = new SecretValues();
        foreach (var (key, value) in secret.Data ?? []) values.Set(key, value ?? []);
        return new PushedSource(values, secret.Type ?? Opaque, secret.Metadata.Labels ?? [], secret.Metadata.Annotations ?? []) { Name = secret.Metadata.Name ?? "" };
    }

    /// <summary>The source's items stay, whatever mergePolicy says: as the original has it.</summary>
    private async Task<PushedSource> RenderAsync(PushSecret source, PushedSource read, CancellationToken cancellationToken)
    {
        using (read)
        {
            var template = source.Spec.Template! with { MergePolicy = ExternalSecretTemplate.Merge };
            var given = read.Values.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            using var rendered = await maker.RenderAsync(template, source.Metadata.Namespace ?? "", given, cancellationToken).ConfigureAwait(false);
            var values = new SecretValues();
            foreach (var (key, value) in rendered.Data) values.Set(key, [.. value]);
            return new PushedSource(values, rendered.Type ?? read.Type, Union(read.Labels, rendered.Labels), Union(read.Annotations, rendered.Annotations)) { Name = read.Name };
        }
    }

    private static SortedDictionary<string, string> Union(IReadOnlyDictionary<string, string> under, SortedDictionary<string, string> over)
    {
        var union = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in under) union[key] = value;
        foreach (var (key, value) in over) union[key] = value;
        return union;
    }
}
