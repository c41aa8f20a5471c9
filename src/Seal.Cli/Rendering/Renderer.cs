using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>A stream of manifests with Secrets in the place of what becomes Secrets; everything else is passed on as it came, in order.</summary>
internal sealed class Renderer(IReadOnlyList<IObjectRendering> renderings, SopsOpening opening)
{
    // What none of these words is in, need not be readable: Helm templates, for one, are no YAML.
    private static readonly string[] Words = ["SealedSecret", "sops", "ExternalSecret", "kind: Secret", "\"Secret\"", "Kustomization"];

    private readonly StringBuilder _output = new();
    private readonly List<string> _failures = [];

    /// <summary>Why some objects are not in the output; then nothing must be applied.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public string Output => _output.ToString();

    /// <param name="bytes">All of a file, or of standard input.</param>
    /// <param name="source">A path, or <see cref="ManifestPlace.StandardInput"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task AddAsync(byte[] bytes, string source, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (source != ManifestPlace.StandardInput && await TryAddSopsFileAsync(bytes, text, source, cancellationToken)) return;
        var documents = ManifestText.Split(text);
        for (var i = 0; i < documents.Count; i++)
        {
            if (!documents[i].IsBlank) await AddAsync(documents[i], documents.Count == 1 ? source : $"{source}: document {i + 1}", cancellationToken);
        }
    }

    /// <returns>What the object becomes; null when it stays as it is, or cannot be rendered and is among the failures.</returns>
    public async Task<IReadOnlyList<string>?> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        if (renderings.FirstOrDefault(rendering => rendering.Takes(source)) is not { } taker) return null;
        try
        {
            return await taker.RenderAsync(source, text, cancellationToken);
        }
        catch (RenderException failure)
        {
            _failures.Add($"{source}: {failure.Message}");
            return null;
        }
    }

    /// <summary>A file that SOPS wrote is one thing, with one MAC over all its documents, and that must fit.</summary>
    private async Task<bool> TryAddSopsFileAsync(byte[] bytes, string text, string source, CancellationToken cancellationToken)
    {
        if (!text.Contains("sops", StringComparison.Ordinal)) return false;
        Manifest manifest;
        try
        {
            manifest = Manifest.Read(bytes, source);
        }
        catch (ManifestException)
        {
            return false; // Whoever reads it document by document says what is wrong.
        }
        var rendering = renderings.OfType<SopsRendering>().First();
        if (manifest.Objects.Count == 0 || !manifest.Objects.All(item => item.Place.Item == 0 && rendering.Takes(item))) return false;
        try
        {
            using var open = await opening.OpenAsync(source, bytes, SopsFormats.FromPath(source), original: true, cancellationToken);
            foreach (var document in SopsRendering.Documents(open.Plain, manifest.Objects[0])) Write(document);
        }
        catch (RenderException failure)
        {
            _failures.Add($"{source}: {failure.Message}");
        }
        return true;
    }

    private async Task AddAsync(ManifestText document, string source, CancellationToken cancellationToken)
    {
        if (!Words.Any(word => document.Body.Contains(word, StringComparison.Ordinal)) || Read(document, source) is not { } manifest)
        {
            _output.Append(document);
            return;
        }
        var rendered = new List<IReadOnlyList<string>?>();
        var failures = _failures.Count;
        foreach (var item in manifest.Objects)
        {
            RefuseKustomization(item);
            var text = manifest.Objects.Count == 1 && item.Place.Item == 0 && manifest.IsYaml && document.Marker.AsSpan().Trim() is "---" or "" ? document.Body : null;
            rendered.Add(await RenderAsync(item, text, cancellationToken));
        }
        if (_failures.Count > failures) return;
        if (rendered.All(one => one is null))
        {
            _output.Append(document);
            return;
        }
        foreach (var (item, replacements) in manifest.Objects.Zip(rendered))
        {
            foreach (var replacement in replacements ?? [YamlWriter.Write(item.Node)]) Write(replacement);
        }
    }

    private static Manifest? Read(ManifestText document, string source)
    {
        try
        {
            return Manifest.Read(Encoding.UTF8.GetBytes(document.Marker + document.Body), source);
        }
        catch (ManifestException) when (!document.Body.Contains("kind: SealedSecret", StringComparison.Ordinal) && !document.Body.Contains("sops:", StringComparison.Ordinal))
        {
            return null; // Not for us to judge.
        }
    }

    private static void RefuseKustomization(ManifestObject item)
    {
        if (item.Kind == "Kustomization" && item.Node["apiVersion"] is JsonValue version && version.TryGetValue<string>(out var group) && group.StartsWith("kustomize.config.k8s.io/", StringComparison.Ordinal))
            throw new CommandException($"{item.Place}: this folder is Kustomize's to build: kustomize build FOLDER | seal render -");
    }

    private void Write(string document) => _output.Append("---\n").Append(document);
}
