using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// A file for an editor, in a folder of its own (0700) on a file system in memory, so that neither it nor the swap and backup files that
/// editors put beside a file reach a disk. The folder goes when this is disposed of, and when the program is ended by a signal.
/// An anonymous file (memfd) would not do: editors write a new file and rename it, and put their swap file wherever the name points.
/// </summary>
internal sealed class MemoryFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly List<PosixSignalRegistration> _signals = [];
    private volatile bool _asking;

    private MemoryFile(string folder, string name)
    {
        _folder = folder;
        Path = System.IO.Path.Combine(folder, name);
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT }) _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public string Path { get; }

    /// <param name="name">The file's own name, by which editors choose their colours.</param>
    /// <param name="content">Written to it.</param>
    /// <param name="allowDisk">Take the system's folder for temporary files where there is none in memory.</param>
    /// <exception cref="CommandException">No such folder.</exception>
    public static MemoryFile Create(string name, ReadOnlySpan<byte> content, bool allowDisk)
    {
        var root = InMemory() ?? (allowDisk ? System.IO.Path.GetTempPath() : throw new CommandException(
            "this system has no folder in memory for the plaintext while it is edited; --allow-disk lets it lie on the disk, in a file for you alone, until the editor closes"));
        var folder = System.IO.Path.Combine(root, "seal-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var file = new MemoryFile(folder, name);
        try
        {
            OutputFile.WritePlaintext(file.Path, content);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public byte[] Read() => InputFile.Read(Path);

    /// <summary>Asks whether to go on. Ctrl-C gives up here, and nowhere else: as long as the editor has the terminal it is the editor's, in vim a key like any other.</summary>
    /// <param name="ask">True to go on.</param>
    public bool Ask(Func<bool> ask)
    {
        _asking = true;
        try
        {
            return ask();
        }
        finally
        {
            _asking = false;
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        Remove();
    }

    private static string? InMemory()
    {
        if (!OperatingSystem.IsLinux()) return null;
        return new[] { "/dev/shm", Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") }.FirstOrDefault(folder => folder is { Length: > 0 } && IsTmpfs(folder));
    }

    private static bool IsTmpfs(string folder)
    {
        try
        {
            return Directory.Exists(folder) && new DriveInfo(folder).DriveFormat is "tmpfs" or "ramfs";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    internal void OnSignal(PosixSignalContext context)
    {
        if (context.Signal == PosixSignal.SIGINT && !_asking)
        {
            context.Cancel = true;
            return;
        }
        Remove();
        Environment.Exit(Interruption.ExitCodeOf(context.Signal)); // nothing is left to edit
    }

    private void Remove()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone already, or being removed by the signal's thread.
        }
    }
}
