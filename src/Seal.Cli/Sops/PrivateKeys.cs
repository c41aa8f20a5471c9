using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// The keys at hand: those named by <c>--key-file</c>, then all that the original finds by itself, in its variables and in the user's
/// folders. A key that was named must be usable; one that was merely found must not stand in the way.
/// </summary>
internal static class PrivateKeys
{
    private static readonly string[] UsualSshKeys = ["id_ed25519", "id_rsa"];

    /// <param name="flags">The command line.</param>
    /// <param name="more">Files named elsewhere than there.</param>
    public static SopsKeyring Load(ParsedFlags flags, IReadOnlyList<string>? more = null)
    {
        var builder = new SopsKeyringBuilder();
        var files = new KeyFiles(flags, builder);
        foreach (var path in flags.List(SopsFlags.KeyFile).Concat(more ?? [])) files.Add(path);
        if (Variable("SOPS_AGE_KEY") is { } keys) files.Add(Encoding.UTF8.GetBytes(OneALine(keys)), "$SOPS_AGE_KEY");
        if (Variable("SOPS_AGE_KEY_FILE") is { } keyFile) files.Add(keyFile);
        else if (DefaultKeyFile() is { } usual) files.Add(usual);
        AddSsh(files);
        if (Variable("SOPS_AGE_KEY_CMD") is { } command) builder.Add(new AgeKeyCommand("SOPS_AGE_KEY_CMD", command));
        if (Variable("SOPS_AGE_SSH_PRIVATE_KEY_CMD") is { } sshCommand) builder.Add(new AgeKeyCommand("SOPS_AGE_SSH_PRIVATE_KEY_CMD", sshCommand));
        CloudKeys.AddTo(builder);
        return builder.TryFirst(DecryptionOrder.Of(flags)).Build();
    }

    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static void AddSsh(KeyFiles files)
    {
        if (Variable("SOPS_AGE_SSH_PRIVATE_KEY_FILE") is { } named)
        {
            files.Add(named);
            return;
        }
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        foreach (var path in UsualSshKeys.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            try
            {
                files.AddSsh(File.ReadAllText(path), path, named: false);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Found, not named: another key may do.
            }
        }
    }

    /// <summary>Where sops keeps age keys: the user's configuration folder, on macOS too if <c>$XDG_CONFIG_HOME</c> is set.</summary>
    private static string? DefaultKeyFile()
    {
        var folder = (OperatingSystem.IsMacOS() ? Variable("XDG_CONFIG_HOME") : null) ?? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var path = Path.Combine(folder, "sops", "age", "keys.txt");
        return folder.Length > 0 && File.Exists(path) ? path : null;
    }

    /// <summary>In the variable keys may stand in a row; in a file each has its line.</summary>
    private static string OneALine(string keys) =>
        keys.Contains("-----BEGIN", StringComparison.Ordinal) ? keys
        : string.Join('\n', keys.Split('\n').Select(line => line.TrimStart().StartsWith('#') ? line : line.Replace(' ', '\n')));
}
