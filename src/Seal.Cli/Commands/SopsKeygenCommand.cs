using System.Globalization;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops keygen</c>: an identity file as age-keygen writes it.</summary>
internal sealed class SopsKeygenCommand : ICommand
{
    private static readonly Flag Output = SopsFlags.Text("output", "FILE", "write the key here, readable by you only, instead of standard output; never over a file that is there") with { Letter = 'o' };
    private static readonly Flag PostQuantum = SopsFlags.Toggle("post-quantum", "a hybrid key, which a quantum computer does not break either; its public half is long");
    private static readonly Flag PublicOf = SopsFlags.Text("public-of", "FILE", "make no key: print the public halves of the keys in this file");

    public string Name => "sops keygen";

    public string Arguments => "[flags]";

    public string Summary => "Makes an age key to encrypt SOPS files to";

    public string Description => """
        The file is the private key: keep it out of Git, and a copy of it in a safe. The public half, age1…, may go anywhere: into
        .sops.yaml, or behind --age. In a cluster the key is an item of a Secret of the namespace whose SopsSecrets it opens.

        Examples:
          seal sops keygen --output shop.agekey
          kubectl create secret generic sops-keys -n shop --from-file=shop.agekey
          seal sops keygen --public-of shop.agekey
        """;

    public bool HasSopsExitCodes => false;

    public IReadOnlyList<FlagGroup> Flags => [new("Key", [Output, PostQuantum, PublicOf])];

    public Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 0) throw new UsageException($"sops keygen takes no file; did you mean --output {flags.Arguments[0]}?");
        if (flags.TextOrNull(PublicOf) is { } file) PrintPublic(file);
        else Make(flags.TextOrNull(Output) is { } output and not OutputFile.StandardOutput ? output : null, flags.On(PostQuantum), time);
        return Task.FromResult(ExitCode.Success);
    }

    private static void Make(string? path, bool isHybrid, TimeProvider time)
    {
        if (path is not null && File.Exists(path)) throw new CommandException($"{path} is there already; what is encrypted to a key that is overwritten stays closed: name another file");
        var (identity, recipient) = isHybrid ? NewHybrid() : NewX25519();
        var created = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var text = $"# created: {created}\n# public key: {recipient}\n{identity}\n";
        if (path is null) Talk.Write(text);
        else OutputFile.Replace(path, Encoding.ASCII.GetBytes(text));
        if (path is not null || !Talk.OutputIsTerminal) Talk.Say($"Public key: {recipient}");
    }

    private static (string Identity, string Recipient) NewX25519()
    {
        using var identity = X25519Identity.Generate();
        return (identity.Export(), identity.Recipient.ToString());
    }

    private static (string Identity, string Recipient) NewHybrid()
    {
        using var identity = HybridIdentity.Generate();
        return (identity.Export(), identity.Recipient.ToString());
    }

    private static void PrintPublic(string file)
    {
        try
        {
            foreach (var identity in AgeIdentities.Parse(Encoding.UTF8.GetString(InputFile.Read(file))))
            {
                Talk.Write((identity switch
                {
                    X25519Identity age => age.Recipient.ToString(),
                    HybridIdentity hybrid => hybrid.Recipient.ToString(),
                    _ => throw new CommandException($"{file} is an SSH key; its public half is in the .pub file beside it"),
                }) + "\n");
                (identity as IDisposable)?.Dispose();
            }
        }
        catch (AgeException failure)
        {
            throw new CommandException($"{file}: {failure.Message}");
        }
    }
}
