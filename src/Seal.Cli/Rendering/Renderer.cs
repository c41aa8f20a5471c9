using System.Text;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>
/// A stream of manifests with Secrets in the place of what becomes Secrets; everything else is passed on as it came, in order. ExternalSecrets wait for the
/// end of the stream (<see cref="FinishAsync"/>), as what they refer to may come after them.
/// </summary>
/// <param name="renderings">All but that of ExternalSecrets.</param>
/// <param name="opening">Of SOPS files.</param>
/// <param name="external">Null: ExternalSecrets stay.</param>
internal sealed class Renderer(IReadOnlyList<IObjectRendering> renderings, SopsOpening opening, ExternalRendering? external = null)
{
    // What none of these words is in, has nothing to render.
    private static readonly string[] Words = ["SealedSecret", "sops", "ExternalSecret", "kind: Secret", "\"Secret\"", "Kustomization"];

    private readonly List<string> _output = [];
    private readonly List<(int Index, ManifestText Document, Manifest Manifest)> _waiting = [];
    private readonly List<string> _failures = [];

    /// <summary>Why some objects are not in the output; then nothing must be applied.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public string Output => string.Concat(_output);

    /// <param name="bytes">All of a file, or of standard input.</param>
    /// <param name="source">A path, or <see cref="ManifestPlace.StandardInput"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task AddAsync(byte[] bytes, string source, CancellationToken cancellationToken)
    {
        var text = Manifest.Decode(bytes, source);
        if (source != ManifestPlace.StandardInput && await TryAddSopsFileAsync(bytes, text, source, cancellationToken)) return;
        var documents = ManifestText.Split(text);
        for (var i = 0; i < documents.Count; i++)
        {
            if (!documents[i].IsBlank) await AddAsync(documents[i], new ManifestPlace(source, i + 1, documents[i].Line, 0, documents.Count == 1), cancellationToken);
        }
    }

    /// <summary>What is not printed, but may be referred to: opened as the rest is.</summary>
    public async Task AddBesideAsync(byte[] bytes, string source, CancellationToken cancellationToken)
    {
        var printed = _output.Count;
        await AddAsync(bytes, source, cancellationToken);
        _output.RemoveRange(printed, _output.Count - printed);
        _waiting.RemoveAll(waiting => waiting.Index >= printed);
    }

    /// <summary>Renders what waited for the end of the stream.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var (index, document, manifest) in _waiting) _output[index] = await RenderAllAsync(document, manifest, cancellationToken);
        _waiting.Clear();
    }

    /// <summary>Whether the object is to be rendered after all others.</summary>
    public bool Waits(ManifestObject source) => external?.Takes(source) == true;

    /// <summary>For later: what others may refer to.</summary>
    public void Notice(ManifestObject source, IReadOnlyList<string>? rendered)
    {
        if (external is null) return;
        if (rendered is null) external.Hand.Add(source);
        else foreach (var item in rendered.SelectMany(text => Manifest.Read(Encoding.UTF8.GetBytes(text), source.Place.Source).Objects)) external.Hand.Add(item);
    }

    /// <returns>What the object becomes; null when it stays as it is, or cannot be rendered and is among the failures.</returns>
    public async Task<IReadOnlyList<string>?> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        if ((Waits(source) ? external : renderings.FirstOrDefault(rendering => rendering.Takes(source))) is not { } taker) return null;
        try
        {
            return await taker.RenderAsync(source, text, cancellationToken);
        }
        catch (RenderException failure)
        {
            // A list that waits is gone through twice.
            if (!_failures.Contains($"{source}: {failure.Message}")) _failures.Add($"{source}: {failure.Message}");
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
        if (manifest.Objects.Count == 0 || !manifest.Objects.All(item => item.Place.Item == 0 && SopsRendering.IsEncrypted(item))) return false;
        try
        {
            using var open = await opening.OpenAsync(source, bytes, SopsFormats.FromPath(source), original: true, cancellationToken);
            var documents = SopsRendering.Documents(open.Plain, manifest.Objects[0]);
            Notice(manifest.Objects[0], documents);
            _output.AddRange(documents.Select(Marked));
        }
        catch (RenderException failure)
        {
            _failures.Add($"{source}: {failure.Message}");
        }
        return true;
    }

    private async Task AddAsync(ManifestText document, ManifestPlace place, CancellationToken cancellationToken)
    {
        if (!TryRead(document, place, out var manifest)) return;
        if (manifest is null || (external is null && !Words.Any(word => document.Body.Contains(word, StringComparison.Ordinal))))
        {
            _output.Add(document.ToString());
            return;
        }
        if (manifest.Objects.Any(Waits)) _waiting.Add((_output.Count, document, manifest));
        // What waits stands beside others in a List: those are noticed here, and rendered with it.
        _output.Add(manifest.Objects.All(Waits) ? "" : await RenderAllAsync(document, manifest, cancellationToken, waiting: false));
    }

    /// <param name="waiting">Whether what waits is rendered too, as it is its turn.</param>
    private async Task<string> RenderAllAsync(ManifestText document, Manifest manifest, CancellationToken cancellationToken, bool waiting = true)
    {
        var rendered = new List<IReadOnlyList<string>?>();
        var failures = _failures.Count;
        foreach (var item in manifest.Objects)
        {
            RefuseKustomization(item);
            var text = manifest.Objects.Count == 1 && item.Place.Item == 0 && manifest.IsYaml && document.Marker.AsSpan().Trim() is "---" or "" ? document.Body : null;
            rendered.Add(Waits(item) && !waiting ? null : await RenderAsync(item, text, cancellationToken));
            if (!Waits(item)) Notice(item, rendered[^1]);
        }
        if (_failures.Count > failures) return "";
        if (rendered.All(one => one is null)) return document.ToString();
        return string.Concat(manifest.Objects.Zip(rendered).SelectMany(pair => pair.Second ?? [YamlWriter.Write(pair.First.Node)]).Select(Marked));
    }

    /// <param name="document">What is read.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="manifest">Null for what is readable and holds no objects, such as a list of patches.</param>
    /// <returns>False when it cannot be read, which is among the failures then: whoever applies the rest would not notice.</returns>
    private bool TryRead(ManifestText document, ManifestPlace place, out Manifest? manifest)
    {
        manifest = null;
        var bytes = Encoding.UTF8.GetBytes(document.Marker + document.Body);
        try
        {
            // Under its place it is YAML or JSON by its text alone, unless the file is nothing else.
            manifest = Manifest.Read(bytes, $"{place}", place);
            return true;
        }
        catch (ManifestException failure) when (failure.InnerException is YamlFormatException)
        {
            var template = document.Body.Contains("{{", StringComparison.Ordinal) ? "; a template is to be built first, as with: helm template CHART | seal render -" : "";
            _failures.Add(InFile(bytes, document.Line, place.Source, failure) + template);
            return false;
        }
        catch (ManifestException) when (!document.Body.Contains("kind: SealedSecret", StringComparison.Ordinal) && !document.Body.Contains("sops:", StringComparison.Ordinal))
        {
            return true; // Not for us to judge.
        }
    }

    /// <summary>The message with the line of the file, not of the document.</summary>
    private static string InFile(byte[] document, int line, string file, ManifestException failure)
    {
        try
        {
            _ = Manifest.Read([.. Enumerable.Repeat((byte)'\n', line - 1), .. document], file);
            return failure.Message;
        }
        catch (ManifestException there)
        {
            return there.Message;
        }
    }

    private static void RefuseKustomization(ManifestObject item)
    {
        if (item.Kind == "Kustomization" && item.Node.Text("apiVersion")?.StartsWith("kustomize.config.k8s.io/", StringComparison.Ordinal) == true)
            throw new CommandException($"{item.Place}: this folder is Kustomize's to build: kustomize build FOLDER | seal render -");
    }

    private static string Marked(string document) => "---\n" + document;
}
