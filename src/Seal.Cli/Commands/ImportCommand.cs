using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.External;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Importing;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Sops;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal import</c>: manifests for Git from what a store or a cluster holds.</summary>
internal sealed class ImportCommand : ICommand
{
    private static readonly Flag Stores = SopsFlags.List("stores", "FILE,…", "import from a store: files with the SecretStore or ClusterSecretStore, and the Secrets that it names");
    private static readonly Flag Store = SopsFlags.Text("store", "NAME", "which store, where the files have several");
    private static readonly Flag Find = SopsFlags.Text("find", "REGEX", "import every secret of the store whose name matches");
    private static readonly Flag FindPath = SopsFlags.Text("find-path", "PATH", "where to search, in the store's own terms");
    private static readonly Flag FromCluster = SopsFlags.Toggle("from-cluster", "import from the namespace -n of the cluster; with --stores: read there what the store names");
    private static readonly Flag Selector = SopsFlags.Text("selector", "LABELS", "from the cluster: only what has these labels") with { Letter = 'l' };
    private static readonly Flag To = SopsFlags.Text("to", "KIND", "sealed: SealedSecrets; external: ExternalSecrets, which leave the values where they are") with { Default = "sealed", Choices = ["sealed", "external"] };
    private static readonly Flag Folder = SopsFlags.Text("folder", "FOLDER", "write a file for each here instead of all to standard output; its .seal.yaml counts") with { Letter = 'd' };
    private static readonly Flag OneName = SopsFlags.Text("name", "NAME", "from a store: all keys into one Secret of this name; else each into one named after it");
    private static readonly Flag Renew = SopsFlags.Toggle("renew", "seal again although nothing changed, and write over files that were not imported");

    public string Name => "import";

    public string Arguments => "--stores FILE [KEY…] | --from-cluster [SECRET…]";

    public string Summary => "Makes SealedSecrets or ExternalSecrets from what a store or a cluster holds";

    public string Description => """
        For migrations. Values are fetched, sealed in memory and never written in clear. The certificate, scope and namespace are those that
        .seal.yaml says of the folder; without one, those of the flags. A second run changes nothing that did not change at its source: a
        Secret of a cluster is known by its version; of a store's secret no version is known, so it is sealed again with --renew only.

        Examples:
          seal import --from-cluster -n shop --folder overlays/production
          seal import --stores vault.yaml --find '^prod/' -n shop --folder overlays/production
          seal import --stores vault.yaml prod/db prod/mail --to external -n shop
        """;

    public IReadOnlyList<FlagGroup> Flags =>
        [new("Source", [Stores, Store, Find, FindPath, FromCluster, Selector, StoreDefinitions.Folder]), new("Manifests", [To, Folder, OneName, ClusterFlags.Namespace, RootFlags.Cert, RootFlags.Scope, Renew]), ClusterFlags.Group];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var fromStore = flags.List(Stores).Count > 0;
        if (!fromStore && !flags.On(FromCluster)) throw new UsageException("import needs a source: --stores FILE or --from-cluster");
        if (fromStore && flags.Arguments.Count == 0 && !flags.Given(Find) && !flags.Given(FindPath)) throw new UsageException("import from a store needs keys, or --find or --find-path");
        if (!fromStore && (flags.Given(Find) || flags.Given(FindPath) || flags.Given(Store) || flags.Given(OneName))) throw new UsageException("--store, --find, --find-path and --name are for --stores");
        using var cluster = flags.On(FromCluster) ? new ClusterAccess(flags) : null;
        var place = new ImportPlace(flags.TextOrNull(Folder), flags.On(Renew));
        var external = flags.Text(To) == "external";
        if (!fromStore && external) return await DeclareAsync(new DeclaredExternals(cluster!, flags.Arguments, flags.Text(Selector)), place, cancellationToken);
        try
        {
            await using var stores = fromStore ? StoresOf(flags, cluster, time) : null;
            IImportSource source = stores is null
                ? new ClusterSecrets(cluster!, flags.Arguments, flags.Text(Selector))
                : new StoreSecrets(stores, ChosenStore(flags), flags.Arguments, Search(flags), flags.TextOrNull(OneName), SpaceOf(flags, cluster));
            var sealing = new SealedImport(flags, place, time);
            var count = 0;
            await foreach (var imported in source.ReadAsync(cancellationToken))
            {
                using (imported)
                {
                    count++;
                    if (external) place.WriteIfOther(imported.Secret.Metadata.Name!, imported.External!, ManifestPlace.Describe(imported.External!));
                    else await sealing.AddAsync(imported, cancellationToken);
                }
            }
            return count > 0 ? ExitCode.Success : throw new CommandException("there is nothing to import");
        }
        catch (Exception failure) when (failure is ValuesException or ProviderException)
        {
            throw new CommandException(failure.Message, failure);
        }
    }

    private static async Task<int> DeclareAsync(DeclaredExternals source, ImportPlace place, CancellationToken cancellationToken)
    {
        var found = await source.ReadAsync(cancellationToken);
        foreach (var (file, manifest) in found) place.WriteIfOther(file, manifest, ManifestPlace.Describe(manifest));
        return found.Count > 0 ? ExitCode.Success : throw new CommandException("there is no ExternalSecret to import; Secrets that none makes are imported with --to sealed");
    }

    private static IEnumerable<ManifestObject> Objects(ParsedFlags flags) => flags.List(Stores).SelectMany(file => Manifest.Read(InputFile.Read(file), file).Objects);

    private static StoresAtHand StoresOf(ParsedFlags flags, ClusterAccess? cluster, TimeProvider time)
    {
        var hand = new ObjectsAtHand();
        foreach (var found in Objects(flags)) hand.Add(found);
        return new StoresAtHand(new ObjectLookup(hand, cluster), StoreDefinitions.Read(flags.TextOrNull(StoreDefinitions.Folder)), time);
    }

    private static SecretStoreRef ChosenStore(ParsedFlags flags)
    {
        var found = Objects(flags).Where(item => item.Kind is SecretStore.SecretStoreKind or ClusterSecretStore.ClusterSecretStoreKind)
            .Select(item => new SecretStoreRef { Kind = item.Kind, Name = item.Node["metadata"]?["name"]?.GetValue<string>() })
            .Where(item => flags.TextOrNull(Store) is not { } name || item.Name == name).ToList();
        return found.Count == 1 ? found[0] : throw new CommandException(found.Count == 0 ? "--stores: the files hold no such SecretStore or ClusterSecretStore" : "--stores: the files hold several stores; --store says which");
    }

    private static FindRequest? Search(ParsedFlags flags)
    {
        if (!flags.Given(Find) && !flags.Given(FindPath)) return null;
        if (flags.TextOrNull(Find) is { } expression && !GoTemplate.RegularExpressions.Re2.TryParse(expression, out _, out var problem)) throw new UsageException($"--find: {problem}");
        return new FindRequest(flags.TextOrNull(FindPath), flags.TextOrNull(Find), new Dictionary<string, string>());
    }

    private static string SpaceOf(ParsedFlags flags, ClusterAccess? cluster) =>
        flags.TextOrNull(ClusterFlags.Namespace) ?? cluster?.DefaultNamespace ?? throw new UsageException("for which namespace? Say so with -n");
}
