using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Kubernetes objects: Secrets and generators in plain text, SealedSecrets that cannot be right. Lists and streams are gone through.</summary>
internal sealed class ManifestScan(ScannedFile file, SealedScan sealedScan, PlainSources sources)
{
    private const int MaxListDepth = 4;

    /// <summary>Where a kustomization has manifests as text, or as what it takes for such: its own, and that of Flux and of Argo CD.</summary>
    private static readonly string[] Inlines = ["patches", "patchesStrategicMerge", "patchesJson6902", "generators", "transformers"];
    private static readonly string[] Extensions = [".yaml", ".yml", ".json", ".tpl", ".tmpl", ".gotmpl", ".j2", ".jinja"];

    private readonly List<Finding> _found = [];

    /// <summary>Whether any document was a Kubernetes object.</summary>
    public bool HasObjects { get; private set; }

    /// <summary>Whether a file of this name holds manifests at all; documentation with an example in it does not.</summary>
    public static bool IsManifestName(string name) =>
        Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) || name.Contains(".yaml.", StringComparison.OrdinalIgnoreCase) || name.Contains(".yml.", StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<Finding> Run()
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(file.Text);
        }
        catch (YamlFormatException)
        {
            // Most often a template; line by line, what is written out in it can still be seen.
            HasObjects = true;
            return [.. TemplateScan.Find(file)];
        }
        var places = Places();
        foreach (var document in documents)
        {
            var place = new ManifestPlace(file.Path, document.Index + 1, document.Line, 0, documents.Count == 1);
            Visit(document.Root, document.Index < places.Count ? places[document.Index] : null, place, 0);
        }
        return _found;
    }

    private IReadOnlyList<SourceNode> Places() =>
        file.Text.AsSpan().TrimStart() is ['{' or '[', ..] && JsonSource.TryRead(file.Text, out var documents) ? documents : YamlSource.Read(file.Text);

    private void Visit(JsonNode? node, SourceNode? at, ManifestPlace place, int depth)
    {
        if (node is not JsonObject map) return;
        var source = new ManifestObject(map, place);
        if (map["items"] is JsonArray items && depth < MaxListDepth && (source.Kind is null || source.Kind.EndsWith("List", StringComparison.Ordinal)))
        {
            // Whose kind the list says.
            if (source.Kind == Secret.SecretKind + "List") foreach (var item in items.OfType<JsonObject>()) item.TryAdd("kind", Secret.SecretKind);
            var places = at?.Child("items")?.Items ?? [];
            for (var i = 0; i < items.Count; i++) Visit(items[i], i < places.Count ? places[i] : null, place with { Item = i + 1 }, depth + 1);
        }
        else VisitObject(source, at, depth);
    }

    private void VisitObject(ManifestObject source, SourceNode? at, int depth)
    {
        var map = source.Node;
        HasObjects |= source.Kind is not null && map.ContainsKey("apiVersion");
        var kindAt = at?.Entries?.FirstOrDefault(entry => entry.Key == "kind")?.KeyStart ?? at?.Start ?? 0;
        switch (source.Kind)
        {
            case Secret.SecretKind when map["apiVersion"].AsText() is null or Secret.SecretApiVersion:
                VisitValues(map, at, ManifestPlace.Describe(map), "", kindAt);
                break;
            case SopsSecret.SopsSecretKind:
                VisitTemplates(map, at, kindAt);
                VisitCarried(map, at, kindAt);
                break;
            case SealedSecret.SealedSecretKind:
                _found.AddRange(sealedScan.Find(file, source, at, kindAt));
                break;
            case "SecretGenerator" when map["apiVersion"].AsText() == "builtin":
                VisitGenerator(map, (map["metadata"] as JsonObject)?["name"].AsText(), at);
                break;
            default:
                VisitKustomization(source, at, depth);
                break;
        }
    }

    private void VisitKustomization(ManifestObject source, SourceNode? at, int depth)
    {
        if (source.Node["secretGenerator"] is JsonArray generators) VisitGenerators(generators, at?.Child("secretGenerator"));
        VisitInlines(source.Node, at, source.Place, depth);
        var (spec, specAt) = (source.Node["spec"] as JsonObject, at?.Child("spec"));
        VisitInlines(spec, specAt, source.Place, depth);
        VisitInlines((spec?["source"] as JsonObject)?["kustomize"] as JsonObject, specAt?.Child("source")?.Child("kustomize"), source.Place, depth);
    }

    private void VisitTemplates(JsonObject map, SourceNode? at, int kindAt)
    {
        if (map["spec"] is not JsonObject spec || spec["secretTemplates"] is not JsonArray templates) return;
        var places = at?.Child("spec")?.Child("secretTemplates")?.Items ?? [];
        for (var i = 0; i < templates.Count; i++)
            VisitValues(templates[i] as JsonObject, i < places.Count ? places[i] : null, ManifestPlace.Describe(map), $"spec.secretTemplates[{i}].", kindAt);
    }

    /// <summary>A whole file as text: what is written out in it is told where the text begins.</summary>
    private void VisitCarried(JsonObject map, SourceNode? at, int kindAt)
    {
        if (SopsSecretManifest.Carried(map) is not { } text) return;
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(text);
        }
        catch (YamlFormatException)
        {
            return; // The controller takes no such text either.
        }
        var place = at?.Child("spec")?.Child("document");
        foreach (var document in documents.Select(document => document.Root).OfType<JsonObject>())
        {
            VisitValues(document, place, ManifestPlace.Describe(map), "spec.document: ", kindAt);
            foreach (var template in ((document["spec"] as JsonObject)?["secretTemplates"] as JsonArray ?? []).OfType<JsonObject>())
                VisitValues(template, place, ManifestPlace.Describe(map), "spec.document: spec.secretTemplates: ", kindAt);
        }
    }

    private void VisitValues(JsonObject? holder, SourceNode? at, string what, string prefix, int kindAt)
    {
        foreach (var field in (string[])["data", "stringData"])
        {
            if (holder?[field] is not JsonObject items) continue;
            foreach (var (name, value) in items)
            {
                // A map is what a template's braces read as: "{{ .Values.password }}" without quotes.
                if (value is not JsonValue scalar || !PlainText.Is(scalar.AsText() ?? scalar.ToJsonString(), field == "data")) continue;
                var place = at?.Child(field)?.Entries?.FirstOrDefault(entry => entry.Key == name)?.KeyStart ?? at?.Start ?? kindAt;
                Add(file.Report(ScanRule.PlaintextSecret, place, $"{what}: {prefix}{field}.{name} is in plain text"), kindAt);
            }
        }
    }

    private void VisitInlines(JsonObject? holder, SourceNode? at, ManifestPlace place, int depth)
    {
        foreach (var field in Inlines)
        {
            if (holder?[field] is not JsonArray list) continue;
            var places = at?.Child(field)?.Items ?? [];
            for (var i = 0; i < list.Count; i++)
            {
                var itemAt = i < places.Count ? places[i] : null;
                if (list[i] is not JsonObject item) VisitText(list[i].AsText(), null, itemAt, place, depth);
                else if (item["patch"] is { } patch) VisitText(patch.AsText(), item["target"] as JsonObject, itemAt?.Child("patch"), place, depth);
                else Visit(item, itemAt, place, depth + 1);
            }
        }
    }

    /// <summary>What is written out in it is told where the text begins. The name of a file is no map, and so nothing here.</summary>
    /// <param name="target">What it patches, where that is said beside it.</param>
    private void VisitText(string? text, JsonObject? target, SourceNode? at, ManifestPlace place, int depth)
    {
        if (text is null || depth >= MaxListDepth) return;
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(text);
        }
        catch (YamlFormatException)
        {
            return; // Kustomize takes no such text either.
        }
        var isOfSecret = target?["kind"].AsText() == Secret.SecretKind;
        foreach (var document in documents)
        {
            if (document.Root is JsonArray operations && isOfSecret) VisitOperations(operations, target!, at);
            if (document.Root is not JsonObject map) continue;
            if (isOfSecret) map.TryAdd("kind", Secret.SecretKind);
            Visit(map, at, place, depth + 1);
        }
    }

    /// <summary>A JSON patch (RFC 6902) of a Secret: what it puts under data or stringData.</summary>
    private void VisitOperations(JsonArray operations, JsonObject target, SourceNode? at)
    {
        var what = target["name"].AsText() is { } name ? $"patch of Secret {name}" : "patch of Secrets";
        foreach (var operation in operations.OfType<JsonObject>())
        {
            if (operation["path"].AsText()?.Split('/') is not ["", "data" or "stringData", ..] path || operation["value"] is not { } value) continue;
            JsonNode? items = path switch
            {
                [_, _] => value.DeepClone(),
                [_, _, var item] => new JsonObject { [item.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)] = value.DeepClone() },
                _ => null,
            };
            VisitValues(new JsonObject { [path[1]] = items }, at, what, "", at?.Start ?? 0);
        }
    }

    private void VisitGenerators(JsonArray generators, SourceNode? at)
    {
        for (var i = 0; i < generators.Count; i++)
        {
            if (generators[i] is JsonObject generator) VisitGenerator(generator, generator["name"].AsText(), at?.Items is { } list && i < list.Count ? list[i] : null);
        }
    }

    private void VisitGenerator(JsonObject generator, string? name, SourceNode? node)
    {
        var what = $"secretGenerator {name ?? "without name"}";
        VisitTexts(generator["literals"], node?.Child("literals") ?? node, literal =>
        {
            var equals = literal.IndexOf('=', StringComparison.Ordinal);
            return equals > 0 && PlainText.Is(literal[(equals + 1)..].Trim('"', '\''), base64: false) ? $"{what}: the literal {literal[..equals]} is in plain text" : null;
        });
        foreach (var field in (string[])["files", "envs"])
        {
            // "key=path" or "path"; the path is from the kustomization's folder.
            VisitTexts(generator[field], node?.Child(field) ?? node, entry =>
                sources.Has(file.FullPath, entry[(entry.IndexOf('=', StringComparison.Ordinal) + 1)..]) ? $"{what}: {field} reads a file that is in the repository in plain text" : null);
        }
    }

    private void VisitTexts(JsonNode? texts, SourceNode? at, Func<string, string?> judge)
    {
        if (texts is not JsonArray list) return;
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].AsText() is not { } text || judge(text) is not { } problem) continue;
            var place = at?.Items is { } items && i < items.Count ? items[i].Start : at?.Start ?? 0;
            Add(file.Report(ScanRule.PlaintextGenerator, place, problem), place);
        }
    }

    // An ignore comment at the object's kind speaks for all of the object.
    private void Add(Finding finding, int kindAt)
    {
        if (!file.IsIgnored(file.Report(finding.Rule, kindAt, "").Line, finding.Rule)) _found.Add(finding);
    }
}
