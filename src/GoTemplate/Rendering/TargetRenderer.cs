using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>
/// Makes a Secret of fetched values and the template of an ExternalSecret (<c>spec.target.template</c>) or of a PushSecret: the one place that knows External Secrets' rules for it. The controller and
/// <c>seal template</c> both stand on it, so what one shows is what the other writes.
/// <para>The order, where later wins: fetched values (if they stay), <c>templateFrom</c> one after the other and within one configMap, secret, literal,
/// then <c>data</c>, labels, annotations. Each template sees the fetched values and nothing of the others. A key that is not there is an error.
/// What the target already holds, ownership and bookkeeping labels are the caller's, and a PushSecret's values always stay: give its template mergePolicy
/// Merge.</para>
/// <code>
/// foreach (var resource in TemplateRules.Resources(template)) resources[resource] = …;      // read them; leave out what is not there
/// using var rendered = renderer.Render(template, values, resources, cancellationToken);
/// </code>
/// Safe for use from many threads.
/// </summary>
public sealed class TargetRenderer(TargetRendererOptions options)
{
    private const int MaxKeyLength = 253;

    private readonly TemplateOptions parsing = new()
    {
        LeftDelimiter = options.LeftDelimiter,
        RightDelimiter = options.RightDelimiter,
        MissingKey = MissingKey.Error,
        Functions = TemplateFunctions.ExternalSecrets,
    };

    /// <param name="values">Key → fetched value. Copied, not kept.</param>
    /// <param name="resources">What <see cref="TemplateRules.Resources"/> names: key → text. Those that are not there are an error where they are needed.</param>
    /// <exception cref="TargetTemplateException">No Secret can be made. Nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RenderedTarget Render(
        ExternalSecretTemplate template,
        IReadOnlyDictionary<string, byte[]> values,
        IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(resources);
        if (TemplateRules.Refusal(template) is { } refusal) throw new TargetTemplateException(TargetTemplateFault.Refused, "", refusal);
        var rendered = new RenderedTarget { Type = template.Type, Finalizers = template.Metadata?.Finalizers ?? [] };
        try
        {
            if (TemplateRules.KeepsValues(template)) Copy(values, rendered);
            Render(template, values, resources, (entry, output) => Put(entry, output, rendered), cancellationToken);
            return rendered;
        }
        catch
        {
            rendered.Dispose();
            throw;
        }
    }

    /// <summary>The same where the object has no template: the fetched values, copied.</summary>
    /// <param name="labels">The object's own, which such a Secret inherits: see <see cref="InheritedMetadata"/>.</param>
    public static RenderedTarget WithoutTemplate(
        IReadOnlyDictionary<string, byte[]> values,
        IEnumerable<KeyValuePair<string, string>> labels,
        IEnumerable<KeyValuePair<string, string>> annotations)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(annotations);
        var rendered = new RenderedTarget();
        Copy(values, rendered);
        foreach (var (key, value) in InheritedMetadata.Of(labels)) rendered.Labels[key] = value;
        foreach (var (key, value) in InheritedMetadata.Of(annotations)) rendered.Annotations[key] = value;
        return rendered;
    }

    /// <summary>The same for an object that is no Secret, where entries may be written to any path.</summary>
    /// <exception cref="TargetTemplateException">It cannot be made.</exception>
    public RenderedManifest RenderManifest(
        ExternalSecretTemplate template,
        IReadOnlyDictionary<string, byte[]> values,
        IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources,
        bool isConfigMap,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(resources);
        if (TemplateRules.ManifestRefusal(template) is { } refusal) throw new TargetTemplateException(TargetTemplateFault.Refused, "", refusal);
        var assembly = new ManifestAssembly(isConfigMap, template.Metadata?.Finalizers ?? []);
        if (TemplateRules.KeepsValues(template)) Keep(assembly, values);
        Render(template, values, resources, assembly.Put, cancellationToken);
        return assembly.Manifest;
    }

    /// <summary>The same where the object has no template: the fetched values, in the <c>data</c> of a ConfigMap and in <c>spec.data</c> of any other kind.</summary>
    /// <exception cref="TargetTemplateException">A value is no text, and the kind holds nothing else.</exception>
    public static RenderedManifest ManifestWithoutTemplate(
        IReadOnlyDictionary<string, byte[]> values,
        IEnumerable<KeyValuePair<string, string>> labels,
        IEnumerable<KeyValuePair<string, string>> annotations,
        bool isConfigMap)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(annotations);
        var assembly = new ManifestAssembly(isConfigMap, []);
        Keep(assembly, values);
        foreach (var (key, value) in InheritedMetadata.Of(labels)) assembly.Manifest.Labels[key] = value;
        foreach (var (key, value) in InheritedMetadata.Of(annotations)) assembly.Manifest.Annotations[key] = value;
        return assembly.Manifest;
    }

    private static void Keep(ManifestAssembly assembly, IReadOnlyDictionary<string, byte[]> values)
    {
        try
        {
            assembly.Keep(values);
        }
        catch (TemplateResultException failure)
        {
            throw new TargetTemplateException(TargetTemplateFault.ResultUnusable, "", failure.PublicMessage);
        }
    }

    private static void Copy(IReadOnlyDictionary<string, byte[]> values, RenderedTarget rendered)
    {
        foreach (var (key, value) in values) rendered.SetData(key, (byte[])value.Clone());
    }

    private void Render(
        ExternalSecretTemplate template,
        IReadOnlyDictionary<string, byte[]> values,
        IReadOnlyDictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> resources,
        Action<TargetEntry, byte[]> put,
        CancellationToken cancellationToken)
    {
        var dot = GoMap.OfSecrets(values);
        var limits = new SharedLimits(options.Execution);
        foreach (var entry in TargetEntries.Of(template, resources)) Render(entry, dot, limits, put, cancellationToken);
    }

    private void Render(TargetEntry entry, GoMap dot, SharedLimits limits, Action<TargetEntry, byte[]> put, CancellationToken cancellationToken)
    {
        try
        {
            var output = Template.Parse(entry.Key ?? entry.Place, entry.Text, parsing).Execute(dot, limits.Next(entry.Place), cancellationToken, out var waited);
            limits.Spend(entry.Place, waited, output.Length);
            put(entry, output);
        }
        catch (TemplateException failure)
        {
            throw TargetTemplateException.Of(entry, failure);
        }
        catch (TemplateResultException failure)
        {
            throw TargetTemplateException.Of(entry, failure);
        }
    }

    private static void Put(TargetEntry entry, byte[] output, RenderedTarget rendered)
    {
        if (entry.Key is not null)
        {
            Put(entry, entry.Key, output, rendered);
            return;
        }
        foreach (var (key, value) in KeysAndValuesText.Parse(output)) Put(entry, key, value, rendered);
        CryptographicOperations.ZeroMemory(output);
    }

    private static void Put(TargetEntry entry, string key, byte[] output, RenderedTarget rendered)
    {
        var value = RenderedValue.Decode(entry.DecodingStrategy, key, output);
        if (entry.Part == RenderedPart.Data)
        {
            if (!IsSecretKey(key)) throw BadKey(entry, key);
            rendered.SetData(key, value);
            return;
        }

        (entry.Part == RenderedPart.Labels ? rendered.Labels : rendered.Annotations)[key] = Encoding.UTF8.GetString(value);
    }

    private static bool IsSecretKey(string key) =>
        key.Length is > 0 and <= MaxKeyLength && key is not ("." or "..") && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    // What the API server would refuse, told with the entry that made it.
    private static TemplateResultException BadKey(TargetEntry entry, string key)
    {
        const string Rule = "no Secret can have such a key: 1 to 253 letters, digits, '-', '_' or '.'";
        return entry.Key is not null
            ? new TemplateResultException(Rule)
            : new TemplateResultException($"the rendered map has the key {Formatting.GoQuote.Quote(key)}; {Rule}", $"the rendered map has a bad key; {Rule}");
    }
}
