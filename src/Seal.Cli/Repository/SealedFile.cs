using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>A file with a SealedSecret, whose items are set and removed in place. Nothing is written before <see cref="Save"/>.</summary>
internal sealed class SealedFile
{
    private readonly string _path;
    private readonly byte[] _read;
    private readonly ManifestObject _target;
    private readonly ManifestEdit _edit;
    private SealedSecret _value;

    private SealedFile(string path, byte[] read, ManifestObject target, ManifestEdit edit)
    {
        _path = path;
        _read = read;
        _target = target;
        _edit = edit;
        _value = ObjectDecoder.SealedSecret(target);
    }

    /// <summary>Whether the last <see cref="Save"/> kept comments and layout.</summary>
    public bool LayoutKept => _edit.LayoutKept;

    /// <param name="path">The file; it exists.</param>
    /// <param name="name">Which SealedSecret of it; null when there is one.</param>
    /// <exception cref="CommandException">None, or several.</exception>
    public static SealedFile Open(string path, string? name)
    {
        var read = InputFile.Read(path);
        var manifest = Manifest.Read(read, path);
        var found = manifest.Objects.Where(ObjectDecoder.IsSealedSecret)
            .Where(source => name is null || ObjectDecoder.SealedSecret(source).Metadata.Name == name).ToList();
        return found switch
        {
            [var target] => new SealedFile(path, read, target, new ManifestEdit(manifest)),
            [] when manifest.Objects.Any(source => source.Node.ContainsKey("sops")) => throw new CommandException($"{path} is encrypted with SOPS; seal sops set and seal sops unset change it"),
            [] => throw (name is null ? NoSealedSecret.In(manifest) : new CommandException($"{path} holds no SealedSecret named \"{name}\"")),
            _ => throw new CommandException($"{path} holds {found.Count} SealedSecrets{(name is null ? "; say which with --name" : $" named \"{name}\"")}"),
        };
    }

    public bool Has(string item) => _value.Spec.EncryptedData?.ContainsKey(item) == true;

    /// <summary>Seals a value for the object as it stands in the file, and puts it there.</summary>
    /// <param name="item">Name of the item.</param>
    /// <param name="plaintext">Its value.</param>
    /// <param name="certificate">To seal to.</param>
    /// <param name="wanted">What the rules and flags say; where the file says otherwise, that is an error.</param>
    /// <returns>What it was sealed for, for people.</returns>
    public string Set(string item, ReadOnlySpan<byte> plaintext, SealingCertificate certificate, SealingPlace wanted)
    {
        LegacyForm.Refuse(_value, _path);
        var metadata = _value.Metadata;
        var scope = SealingScopes.Of(metadata);
        if (wanted.Scope is { } asked && asked != scope)
            throw new CommandException($"{_path}: the SealedSecret is {SealingScopes.Name(scope)}, but {SealingScopes.Name(asked)} is wanted here; items of two scopes do not open together: seal the whole Secret again");
        var space = string.IsNullOrEmpty(metadata.Namespace) ? wanted.Namespace : metadata.Namespace;
        if (scope != SealingScope.ClusterWide)
        {
            if (space is null) throw new CommandException($"{_path}: the SealedSecret has no namespace; say which by {RepositoryRules.FileName} or -n");
            if (wanted.Namespace is { } elsewhere && elsewhere != space) throw new CommandException($"{_path}: the SealedSecret is for namespace \"{space}\", but \"{elsewhere}\" is wanted here");
        }
        if (string.IsNullOrEmpty(metadata.Name)) throw new CommandException($"{_path}: the SealedSecret has no metadata.name");
        if (scope == SealingScope.Strict && wanted.Name is { } other && other != metadata.Name)
            throw new CommandException($"{_path}: the SealedSecret is named \"{metadata.Name}\", but \"{other}\" is wanted here");
        if (!Sealer.TrySealItem(plaintext, scope, space, metadata.Name, certificate, out var text, out var failure)) throw new CommandException($"{_path}: {failure.Message}");
        _edit.Set(_target, text, "spec", "encryptedData", item);
        KeyHint.Mend(_edit, _target, _value, [item], certificate);
        _value = ObjectDecoder.SealedSecret(_target);
        return Describe(_value.Metadata with { Namespace = space });
    }

    /// <summary>Takes an item out; it must be there.</summary>
    public void Unset(string item)
    {
        _edit.Remove(_target, "spec", "encryptedData", item);
        _value = ObjectDecoder.SealedSecret(_target);
    }

    public void Save() => OutputFile.Change(_path, _read, _edit.Apply());

    /// <summary><c>team-a/db, strict</c>.</summary>
    public static string Describe(ObjectMeta metadata)
    {
        var scope = SealingScopes.Of(metadata);
        return scope == SealingScope.ClusterWide ? $"{metadata.Name}, {SealingScopes.Name(scope)}" : $"{metadata.Namespace}/{metadata.Name}, {SealingScopes.Name(scope)}";
    }
}
