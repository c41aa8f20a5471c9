using System.Security.Cryptography;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>Changes the plaintext of an encrypted file in place; what is not touched keeps its bytes, and no change writes nothing.</summary>
internal static class FileChange
{
    /// <param name="flags">The command line.</param>
    /// <param name="path">The file.</param>
    /// <param name="change">On the first document, as in the original.</param>
    /// <param name="time">For the file's time of change.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether anything changed.</returns>
    public static async Task<bool> ApplyAsync(ParsedFlags flags, string path, Action<MapNode> change, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = SopsInput.Read(flags, path);
        using var open = await ExistingFile.OpenAsync(flags, input, ExistingFile.Parse(input), cancellationToken);
        using var edited = open.Plain.Clone();
        SopsProblem.Tell(path, () =>
        {
            change(edited.Documents[0]);
            return 0;
        });
        if (SopsProblem.Tell(path, () => IsSame(open.Plain, edited))) return false;
        var resealed = SopsProblem.Tell(path, () => open.Reseal(edited, time).ToBytes(RulesFile.Layout(flags, path), SopsLimits.OwnFiles));
        OutputFile.Change(path, input.Bytes, resealed);
        return true;
    }

    public static bool IsSame(PlainFile before, PlainFile after)
    {
        byte[] old = before.ToBytes(), now = after.ToBytes();
        try
        {
            return old.AsSpan().SequenceEqual(now);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(old);
            CryptographicOperations.ZeroMemory(now);
        }
    }
}
