using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Templates;

/// <summary>
/// The Secret, or what else it says, that the controller would write for an ExternalSecret, from values at hand. The controller's own marks (owner, managed label, hash of the
/// data) are left out: they are nothing that a template decides.
/// </summary>
internal sealed class TargetSecret(TargetRendererOptions options, bool explain)
{
    private const string DefaultType = "Opaque";

    /// <param name="source">An ExternalSecret.</param>
    /// <param name="data">What its store would give: key → value, after rewriting and decoding.</param>
    /// <param name="others">Objects among which <c>templateFrom</c> finds what it names.</param>
    /// <param name="output">Gets the Secret, or the object.</param>
    /// <exception cref="CommandException">The object cannot be read, or its template fails.</exception>
    public void Render(ManifestObject source, TemplateData data, IEnumerable<ManifestObject> others, ManifestWriter output, CancellationToken cancellationToken)
    {
        var externalSecret = ObjectDecoder.ExternalSecret(source);
        foreach (var entry in (externalSecret.Spec.Data ?? []).Where(entry => !data.Has(entry.SecretKey)))
            Talk.Warn($"{source}: spec.data fetches \"{entry.SecretKey}\", which the values lack");
        Remark(source, externalSecret.Spec.Target ?? new ExternalSecretTarget());
        Make(source, externalSecret, data.Strings(), TemplateResources.Of(others, externalSecret.Metadata.Namespace), output.Add, output.Add, cancellationToken);
    }

    /// <param name="source">Where the ExternalSecret stands, for errors.</param>
    /// <param name="externalSecret">It.</param>
    /// <param name="values">What its stores gave.</param>
    /// <param name="resources">What its template reads.</param>
    /// <param name="take">Gets the Secret; its values are zeroed afterwards.</param>
    /// <param name="takeOther">Gets what is no Secret.</param>
    /// <exception cref="CommandException">Its template fails.</exception>
    public void Make(
        ManifestObject source,
        ExternalSecret externalSecret,
        Dictionary<string, byte[]> values,
        Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources,
        Action<Secret> take,
        Action<JsonObject> takeOther,
        CancellationToken cancellationToken)
    {
        var target = externalSecret.Spec.Target ?? new ExternalSecretTarget();
        if (target.Manifest is { } manifest && (manifest.Kind != Secret.SecretKind || manifest.ApiVersion != Secret.SecretApiVersion))
        {
            takeOther(Told(source, () => TargetObject.Of(externalSecret, manifest, isConfigMap => RenderManifest(externalSecret, target, values, resources, isConfigMap, cancellationToken))));
            return;
        }
        using var rendered = Told(source, () => Render(externalSecret, target, values, resources, cancellationToken));
        take(new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = externalSecret.TargetName,
                Namespace = externalSecret.Metadata.Namespace,
                Labels = rendered.Labels.Count > 0 ? rendered.Labels : null,
                Annotations = rendered.Annotations.Count > 0 ? rendered.Annotations : null,
                Finalizers = rendered.Finalizers.Count > 0 ? rendered.Finalizers : null,
            },
            Immutable = target.Immutable == true ? true : null,
            Type = string.IsNullOrEmpty(rendered.Type) ? DefaultType : rendered.Type,
            Data = new SortedDictionary<string, byte[]?>(rendered.Data.ToDictionary(entry => entry.Key, entry => (byte[]?)entry.Value), StringComparer.Ordinal),
        });
    }

    private RenderedTarget Render(
        ExternalSecret externalSecret,
        ExternalSecretTarget target,
        Dictionary<string, byte[]> values,
        Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources,
        CancellationToken cancellationToken) => target.Template is null
        ? TargetRenderer.WithoutTemplate(values, externalSecret.Metadata.Labels ?? [], externalSecret.Metadata.Annotations ?? [])
        : new TargetRenderer(options).Render(target.Template, values, resources, cancellationToken);

    private RenderedManifest RenderManifest(
        ExternalSecret externalSecret,
        ExternalSecretTarget target,
        Dictionary<string, byte[]> values,
        Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources,
        bool isConfigMap,
        CancellationToken cancellationToken) => target.Template is null
        ? TargetRenderer.ManifestWithoutTemplate(values, externalSecret.Metadata.Labels ?? [], externalSecret.Metadata.Annotations ?? [], isConfigMap)
        : new TargetRenderer(options).RenderManifest(target.Template, values, resources, isConfigMap, cancellationToken);

    private T Told<T>(ManifestObject source, Func<T> render)
    {
        try
        {
            return render();
        }
        catch (TargetTemplateException failure)
        {
            var problem = $"spec.target.{Explain(failure)}";
            throw new CommandException($"{source}: {problem}", failure) { Problem = problem };
        }
    }

    private string Explain(TargetTemplateException failure)
    {
        var message = explain ? failure.Message : failure.PublicMessage;
        // A template out of a Secret is not for logs either.
        var shown = failure is { Failure: { } at, TemplateText: { } text } && (explain || !failure.IsTemplateSecret) ? "\n" + TemplateSnippet.Show(text, at.Line, at.Column) : "";
        var hint = failure.Fault == TargetTemplateFault.ResourceMissing ? "; --resources names files with ConfigMaps and Secrets" : "";
        return message + hint + shown;
    }

    private static void Remark(ManifestObject source, ExternalSecretTarget target)
    {
        var remark = target.EffectiveCreationPolicy switch
        {
            CreationPolicy.Merge or CreationPolicy.CreateOrMerge => "adds this to what the Secret has already",
            CreationPolicy.None => "writes nothing",
            _ => null,
        };
        if (remark is not null) Talk.Say($"note: {source}: with creationPolicy {target.EffectiveCreationPolicy} the controller {remark}");
    }
}
