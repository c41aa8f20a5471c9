using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>Where manifests go: one file each in a folder, or all to standard output. A file that says the same already is left alone.</summary>
/// <param name="folder">Null for standard output.</param>
/// <param name="renew">Write also where nothing changed, and over what was not imported.</param>
internal sealed class ImportPlace(string? folder, bool renew)
{
    /// <summary>On a manifest: where it came from. By this a second run knows its own work.</summary>
    public const string OriginAnnotation = "gitopssecrets.io/imported-from";

    public string FileFor(string name) => Path.Combine(folder ?? "", name + ".yaml");

    /// <summary>Whether a file holds just that: from the same source in the same version, the same items for the same place, sealed to the same certificate.</summary>
    public bool Holds(string name, Predicate<SealedSecret> same)
    {
        if (folder is null || renew || !File.Exists(FileFor(name))) return false;
        var manifest = Manifest.Read(InputFile.Read(FileFor(name)), FileFor(name));
        if (manifest.Objects is [var only] && ObjectDecoder.IsSealedSecret(only) && ObjectDecoder.SealedSecret(only) is var present && present.Metadata.Annotation(OriginAnnotation) is not null) return same(present);
        throw Foreign(name);
    }

    public void Write(string name, ReadOnlySpan<byte> content, string made)
    {
        if (folder is null)
        {
            Talk.Write("---\n");
            Talk.Write(content);
            Talk.Say($"imported {made}");
            return;
        }
        Directory.CreateDirectory(folder);
        OutputFile.Replace(FileFor(name), content);
        Talk.Write($"imported {made} into {FileFor(name)}\n");
    }

    /// <summary>A manifest without chance in it: written where it differs from what is there.</summary>
    public void WriteIfOther(string name, System.Text.Json.Nodes.JsonObject manifest, string made)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(YamlWriter.Write(manifest));
        if (folder is not null && File.Exists(FileFor(name)))
        {
            var present = InputFile.Read(FileFor(name));
            if (present.AsSpan().SequenceEqual(content))
            {
                Unchanged(name);
                return;
            }
            if (!renew) throw Foreign(name);
        }
        Write(name, content, made);
    }

    public void Unchanged(string name) => Talk.Write($"unchanged {FileFor(name)}\n");

    private CommandException Foreign(string name) => new($"{FileFor(name)} is there, and is not what an import would write; --renew writes over it");
}
