using System.Text.Json.Nodes;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.External;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Rendering;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal render PATH…|-</c>: manifests with Secrets in the place of what becomes Secrets.</summary>
internal sealed class RenderCommand : ICommand
{
    public static readonly Flag PrivateKey = SopsFlags.List("private-key", "FILE,…", "private keys of the cluster that open SealedSecrets: PEM, or Secrets as backed up; without, SealedSecrets stay as they are") with { Alias = "recovery-private-key" };

    private static readonly Flag Krm = SopsFlags.Toggle("krm", "run as a KRM function: a ResourceList on standard input, one on standard output (also without this flag)");
    private static readonly Flag RequireMac = SopsFlags.Toggle("require-mac", "refuse SOPS documents that Kustomize or others reordered, whose MAC cannot be verified");

    private static readonly Flag ExternalSecrets = SopsFlags.Toggle("external-secrets", "fetch ExternalSecrets from their stores, with the credentials that these name; without, they stay as they are");
    private static readonly Flag Stores = SopsFlags.List("stores", "FILE,…", "SecretStores, ClusterSecretStores and generators that are not in the input; implies --external-secrets");
    private static readonly Flag Resources = SopsFlags.List("resources", "FILE,…", "Secrets and ConfigMaps that stores and templates name and that are not in the input; encrypted ones are opened");
    private static readonly Flag FromCluster = SopsFlags.Toggle("from-cluster", "look for what is in neither in the cluster of the kubeconfig, and take service account tokens there");

    public string Name => "render";

    public string Arguments => "[flags] PATH…|-";

    public string Summary => "Prints manifests with encrypted Secrets replaced by Secrets in clear";

    public string Description => """
        For pipelines, Argo CD plugins and tests: what it prints is secret. Reads files and folders, or a Kustomize build on standard
        input. Secrets encrypted by SOPS, Secrets whose items are SOPS files, SopsSecrets, and with --private-key SealedSecrets are
        replaced, and with --external-secrets ExternalSecrets too, fetched from their stores; everything else is printed as it came, in
        order. If anything cannot be opened, nothing is printed.

        Examples:
          kustomize build overlays/production | seal render - | kubectl apply -f -
          seal render --key-file age.key --private-key keys.yaml manifests/
          seal render --external-secrets --resources vault-token.yaml manifests/
          seal render --krm < resource-list.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
        [new("Rendering", [PrivateKey, RequireMac, Krm]), new("ExternalSecrets", [ExternalSecrets, Stores, Resources, FromCluster, StoreDefinitions.Folder]), SopsFlags.Opening, ClusterFlags.Connection];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count == 0 && !flags.On(Krm)) throw new UsageException("render needs a file, a folder, or - for standard input");
        var input = flags.On(Krm) || flags.Arguments is ["-"] ? Talk.AwaitInput() : null;
        var list = input is null ? null : ResourceList.TryRead(input, ManifestPlace.StandardInput);
        if (list is null && flags.On(Krm)) throw new CommandException("standard input is no config.kubernetes.io/v1 ResourceList");
        var config = list?.Config ?? [];
        using var keys = PrivateKeys(flags, config, input is not null);
        var opening = new SopsOpening(() => Sops.PrivateKeys.Load(flags, config.Texts("keyFiles")), flags.On(RequireMac) || config.True("requireMac"));
        await using var external = External(flags, config, time);
        var renderer = new Renderer(Renderings(opening, keys, time), opening, external);
        foreach (var file in Beside(flags, config)) await renderer.AddBesideAsync(InputFile.Read(file), file, cancellationToken);
        var code = list is not null
            ? await RenderListAsync(list, renderer, cancellationToken)
            : await RenderStreamAsync(flags, input, renderer, cancellationToken);
        opening.Report();
        return code;
    }

    private static async Task<int> RenderStreamAsync(ParsedFlags flags, byte[]? input, Renderer renderer, CancellationToken cancellationToken)
    {
        if (input is not null) await renderer.AddAsync(input, ManifestPlace.StandardInput, cancellationToken);
        else
        {
            foreach (var file in ManifestFiles.Find(flags.Arguments)) await renderer.AddAsync(InputFile.Read(file), file, cancellationToken);
        }
        await renderer.FinishAsync(cancellationToken);
        foreach (var failure in renderer.Failures) Talk.Say($"error: {failure}");
        // A part of a build would be taken for the whole, and the rest deleted.
        if (renderer.Failures.Count > 0) return ExitCode.Failure;
        Talk.Write(renderer.Output);
        return ExitCode.Success;
    }

    private static async Task<int> RenderListAsync(ResourceList list, Renderer renderer, CancellationToken cancellationToken)
    {
        var items = list.Items.ToList();
        var rendered = new IReadOnlyList<string>?[items.Count];
        var failures = new List<(ManifestObject, string)>();
        foreach (var (i, item) in items.Index().OrderBy(entry => renderer.Waits(entry.Item)))
        {
            var before = renderer.Failures.Count;
            rendered[i] = await renderer.RenderAsync(item, text: null, cancellationToken);
            if (!renderer.Waits(item)) renderer.Notice(item, rendered[i]);
            failures.AddRange(renderer.Failures.Skip(before).Select(failure => (item, failure)));
        }
        Talk.Write(list.Write(rendered, failures));
        foreach (var failure in renderer.Failures) Talk.Say($"error: {failure}");
        return failures.Count > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private static List<IObjectRendering> Renderings(SopsOpening opening, KeyRing? keys, TimeProvider time)
    {
        List<IObjectRendering> all = [new SopsRendering(opening), new SopsItemRendering(opening)];
        if (keys is not null) all.Add(new SealedRendering(keys, time));
        return all;
    }

    /// <returns>Null when ExternalSecrets stay. The cluster is asked because a flag says so, never because a stream does.</returns>
    private static ExternalRendering? External(ParsedFlags flags, JsonObject config, TimeProvider time)
    {
        var wanted = flags.On(ExternalSecrets) || flags.List(Stores).Count > 0 || config.True("externalSecrets");
        if (wanted) return new ExternalRendering(new ObjectsAtHand(), flags.On(FromCluster) ? new ClusterAccess(flags) : null, StoreDefinitions.Read(flags.TextOrNull(StoreDefinitions.Folder) ?? config.Text("providerDefinitions")), time);
        return flags.On(FromCluster) || flags.List(Resources).Count > 0 ? throw new UsageException("--from-cluster and --resources are for --external-secrets") : null;
    }

    private static List<string> Beside(ParsedFlags flags, JsonObject config) =>
        [.. flags.List(Stores), .. flags.List(Resources), .. config.Texts("stores"), .. config.Texts("resources")];

    private static KeyRing? PrivateKeys(ParsedFlags flags, JsonObject config, bool inputIsTaken)
    {
        List<string> files = [.. flags.List(PrivateKey), .. config.Texts("privateKeys")];
        return files.Count > 0 ? PrivateKeyFiles.Load(files, flags.TextOrNull(SopsFlags.PassphraseFile), inputIsTaken) : null;
    }
}
