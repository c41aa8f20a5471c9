using System.Globalization;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal inspect FILE</c>: what can be told of a SealedSecret without opening it.</summary>
internal sealed class InspectCommand : ICommand
{
    public string Name => "inspect";

    public string Arguments => "FILE (or -, or nothing, for standard input)";

    public string Summary => "Shows what SealedSecrets are sealed for";

    public string Description => """
        Scope, name and namespace, the fingerprint of the key where the object tells it, and each item with the size of its value.
        Needs no key and no cluster, and opens nothing.

        Example:
          seal inspect db.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags => [];

    public Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 1) throw new UsageException("inspect takes one file");
        var file = flags.Arguments is [var name] ? name : InputFile.StandardInput;
        var manifest = Manifest.Read(InputFile.ReadOrAwait(file), ManifestPlace.SourceOf(file));
        var sealedSecrets = manifest.Objects.Where(ObjectDecoder.IsSealedSecret).ToList();
        if (sealedSecrets.Count == 0) throw NoSealedSecret.In(manifest);
        Talk.Write(string.Join('\n', sealedSecrets.Select(source => Describe(source, ObjectDecoder.SealedSecret(source)))));
        return Task.FromResult(ExitCode.Success);
    }

    private static string Describe(ManifestObject source, SealedSecret value)
    {
        var items = Items(value).ToList();
        var text = new StringBuilder();
        text.Append(source).Append('\n');
        Append(text, "scope", Scope(value.Metadata));
        var bits = items.Where(item => item.KeyBits > 0).Select(item => $"RSA-{item.KeyBits}").Distinct().ToList();
        var hint = value.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        Append(text, "key", $"{hint ?? "not told by the object"}{(bits.Count > 0 ? $" ({string.Join(", ", bits)})" : "")}");
        Append(text, "type", value.Spec.Template?.Type ?? "Opaque");
        if (value.Spec.Template?.Immutable == true) Append(text, "immutable", "yes");
        if (value.Spec.Template?.Data is { Count: > 0 } templates) Append(text, "templates", string.Join(", ", templates.Keys));
        var width = items.Count == 0 ? 0 : items.Max(item => item.Name.Length);
        for (var i = 0; i < items.Count; i++) Append(text, i == 0 ? "items" : "", $"{items[i].Name.PadRight(width)}  {items[i].Size}");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, string content) => text.Append("  ").Append(title.PadRight(10)).Append(' ').Append(content).Append('\n');

    private static string Scope(ObjectMeta metadata) => SealingScopes.Of(metadata) switch
    {
        SealingScope.Strict => $"strict: opens only as {metadata.Name} in namespace {metadata.Namespace ?? "(not given)"}",
        SealingScope.NamespaceWide => $"namespace-wide: opens under any name in namespace {metadata.Namespace ?? "(not given)"}",
        _ => "cluster-wide: opens under any name in any namespace",
    };

    private static IEnumerable<(string Name, string Size, int KeyBits)> Items(SealedSecret value)
    {
        var sealedItems = string.IsNullOrEmpty(value.Spec.Data)
            ? value.Spec.EncryptedData ?? []
            : new SortedDictionary<string, string>(StringComparer.Ordinal) { ["(whole Secret)"] = value.Spec.Data };
        foreach (var (name, text) in sealedItems)
        {
            yield return SealedItem.TryDecode(text, out var bytes, out var failure) && SealedItem.TryParse(bytes, out var item, out failure)
                ? (name, string.Create(CultureInfo.InvariantCulture, $"{item.Ciphertext.Length} bytes"), item.KeyBits)
                : (name, $"broken: {failure.Explanation}", 0);
        }
    }
}
