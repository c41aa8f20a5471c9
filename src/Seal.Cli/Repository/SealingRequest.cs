using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>One value for one item in one file, or in one file a cluster. All is sealed before anything is written.</summary>
/// <param name="flags">Of <c>seal add</c> or <c>seal set</c>.</param>
/// <param name="file">As given; may hold <c>{cluster}</c>.</param>
/// <param name="item">Name of the item.</param>
/// <param name="time">Says whether a certificate has expired.</param>
internal sealed class SealingRequest(ParsedFlags flags, string file, string item, TimeProvider time)
{
    public static readonly Flag Name = new("name", FlagKind.Text, "name of the SealedSecret: of a new one, or which of several in the file") { Value = "NAME", FromEnvironment = false };
    public static readonly Flag FromFile = new("from-file", FlagKind.Text, "read the value here instead of standard input") { Value = "FILE", FromEnvironment = false };
    public static readonly Flag AllowEmpty = new("allow-empty", FlagKind.Toggle, "seal a value that has no bytes") { FromEnvironment = false };
    public static readonly Flag Type = new("type", FlagKind.Text, "type of the Secret, if the file is new (default Opaque)") { Value = "TYPE", FromEnvironment = false };

    public static IReadOnlyList<FlagGroup> Flags { get; } =
        [new("Sealing", [FromFile, AllowEmpty, RootFlags.Cert, Name, ClusterFlags.Namespace, RootFlags.Scope, Type]), ClusterFlags.Group];

    /// <param name="verb">For the report: added, set.</param>
    /// <param name="mayExist">Whether an item of that name may be there already.</param>
    public async Task RunAsync(string verb, bool mayExist, CancellationToken cancellationToken)
    {
        CheckItem(item);
        if (ObjectNames.Problems(flags.TextOrNull(ClusterFlags.Namespace), flags.TextOrNull(Name)).FirstOrDefault() is { } problem) throw new UsageException(problem);
        var rules = RepositoryRules.FindFor(file);
        var places = Places(rules, flags.TextOrNull(RootFlags.Cert) is not null);
        var open = places.Select(place => File.Exists(place.File) ? SealedFile.Open(place.File, flags.TextOrNull(Name)) : null).ToList();
        if (!mayExist && places.Where((_, i) => open[i]?.Has(item) == true).ToList() is [var taken, ..])
            throw new CommandException($"{taken.File} has an item \"{item}\" already; seal set replaces it");
        var certificates = new List<SealingCertificate>();
        foreach (var place in places) certificates.Add(await CertificateAsync(place, rules, cancellationToken));
        var value = ReadValue();
        try
        {
            var writes = places.Select((place, i) => Seal(place, open[i], certificates[i], value)).ToList();
            for (var i = 0; i < writes.Count; i++)
            {
                writes[i].Save();
                if (open[i] is { LayoutKept: false }) Talk.Warn($"{places[i].File}: its layout does not allow changes in place; comments are lost");
                var cluster = places[i].Cluster is { } known ? $" for cluster {known.Name}" : "";
                Talk.Write($"{verb} {item} in {places[i].File}{cluster} ({writes[i].For})\n");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <exception cref="UsageException">No name that an item can have. It is not quoted: people put values here by mistake.</exception>
    public static void CheckItem(string item)
    {
        if (ObjectNames.ProblemOfItem(item) is not null)
            throw new UsageException("that is no name that a Secret's item can have (letters, digits, '-', '_', '.'); the value is never an argument: it is read from standard input");
    }

    /// <summary>Whether the item is a file of manifests and the file is none: a file named after an item would be made, where nobody looks for it.</summary>
    public static bool AreSwapped(string item, string file) => IsManifest(item) && !IsManifest(file) && !File.Exists(file);

    private static bool IsManifest(string path) => Manifest.IsYamlName(path) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private IReadOnlyList<SealingPlace> Places(RepositoryRules? rules, bool certificateGiven)
    {
        var found = rules is null ? [] : certificateGiven && rules.Find(file) is null && !file.Contains('{', StringComparison.Ordinal) ? [] : rules.FindAll(file);
        if (found.Count == 0 && file.Contains("{cluster}", StringComparison.Ordinal)) throw new CommandException($"{file}: {{cluster}} needs a {RepositoryRules.FileName} that names clusters; there is none above");
        if (found.Count == 0) found = [new SealingPlace(file, null, null, null, null)];
        return [.. found.Select(place => place with
        {
            Scope = flags.Given(RootFlags.Scope) && SealingScopes.TryParse(flags.Text(RootFlags.Scope), out var scope) ? scope : place.Scope,
            Namespace = flags.TextOrNull(ClusterFlags.Namespace) ?? place.Namespace,
            Name = flags.TextOrNull(Name) ?? place.Name,
        })];
    }

    private async ValueTask<SealingCertificate> CertificateAsync(SealingPlace place, RepositoryRules? rules, CancellationToken cancellationToken) =>
        place.Cluster is null || flags.TextOrNull(RootFlags.Cert) is not null
            ? await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken)
            : await ClusterCertificates.LoadAsync(place.Cluster, rules!.Folder, time, cancellationToken);

    private (Action Save, string For) Seal(SealingPlace place, SealedFile? existing, SealingCertificate certificate, byte[] value)
    {
        if (existing is not null) return (existing.Save, existing.Set(item, value, certificate, place));
        var (content, made) = NewSealedFile.Make(item, value, certificate, place, flags.TextOrNull(Type));
        return (() => Create(place.File, content), made);
    }

    private static void Create(string path, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot write {path}: {FileProblem.Describe(failure)}", failure);
        }
        OutputFile.Change(path, null, content);
    }

    private byte[] ReadValue()
    {
        byte[] value;
        if (flags.TextOrNull(FromFile) is { } source) value = InputFile.Read(source);
        else if (!Talk.InputIsTerminal) value = Talk.AwaitInput();
        else
        {
            var typed = HiddenInput.Ask($"Value of {item}: ");
            value = Encoding.UTF8.GetBytes(typed);
            Array.Clear(typed);
        }
        if (value.Length == 0 && !flags.On(AllowEmpty)) throw new CommandException("the value is empty; if that is meant, say --allow-empty");
        // One line with its end is mostly echo's doing; several lines are a file, and end so.
        if (value.AsSpan().IndexOf((byte)'\n') == value.Length - 1 && value.Length > 0) Talk.Warn("the value ends with a line end, which is sealed too; printf '%s' leaves it out");
        return value;
    }
}
