using System.Globalization;
using System.Security.Cryptography;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>
/// Replaces a file whole or not at all: the content goes to a new file, reaches the disk, and takes the name. A full disk, a crash or
/// Ctrl-C leaves the old file as it was, and on Linux nothing beside it: see <see cref="NamelessFile"/>.
/// </summary>
internal static class OutputFile
{
    /// <summary>In the place of a file: standard output.</summary>
    public const string StandardOutput = "-";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Busy = 16; // EBUSY

    /// <summary>Puts what a command makes where its user wants it.</summary>
    /// <param name="path">A file; <c>null</c> or <see cref="StandardOutput"/> for that.</param>
    /// <param name="content">All of it.</param>
    /// <param name="plaintext">As <see cref="WritePlaintext"/>.</param>
    /// <exception cref="CommandException">It cannot be written; the old file is untouched.</exception>
    public static void Print(string? path, ReadOnlySpan<byte> content, bool plaintext)
    {
        if (path is null or StandardOutput) Talk.Write(content);
        else if (plaintext) WritePlaintext(path, content);
        else Replace(path, content);
    }

    /// <param name="path">A link is followed: the file it names is replaced, the link stays.</param>
    /// <param name="content">All of the file.</param>
    /// <param name="secret">Whether it is for its owner only, whatever mode a file has that is there.</param>
    /// <remarks>An existing file keeps its mode; a new one is for its owner only, as in the original.</remarks>
    /// <exception cref="CommandException">It cannot be written; the old file is untouched.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool secret = false) => Write(path, content, secret, beside: true);

    /// <summary>Replaces a file by what was made of its content, unless somebody else has changed it since: nothing of theirs is lost.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Its content as it was read; null when there was no such file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="time">How long whoever changes a file beside it is waited for.</param>
    /// <exception cref="CommandException">It was changed meanwhile, or cannot be written; it is as it was.</exception>
    public static void Change(string path, byte[]? read, ReadOnlySpan<byte> content, TimeProvider? time = null)
    {
        using var turn = FolderTurn.Take(Path.GetDirectoryName(ResolveLink(path))!, time ?? TimeProvider.System);
        if (!Is(path, read)) throw new CommandException($"{path} was changed by another program meanwhile, and is left as it is: run the command again");
        Replace(path, content);
    }

    /// <summary>Whether a file still has this content; null stands for none.</summary>
    public static bool Is(string path, byte[]? content) => File.Exists(path) ? content is not null && InputFile.Read(path).AsSpan().SequenceEqual(content) : content is null;

    /// <summary>Writes plaintext that the user asked for, for its owner only. It never lies in a file of another name, but for one that is whole and about to take this one's.</summary>
    /// <exception cref="CommandException">It cannot be written; the old file is untouched.</exception>
    public static void WritePlaintext(string path, ReadOnlySpan<byte> content) => Write(path, content, secret: true, beside: false);

    private static void Write(string path, ReadOnlySpan<byte> content, bool secret, bool beside)
    {
        var isThere = SpecialFile.Is(path);
        try
        {
            // Before links are followed: /dev/stdout is one, and leads to something without a path where output goes to a pipe.
            if (isThere)
            {
                using var special = Open(path, FileMode.Create, FileShare.Read);
                special.Write(content);
                return;
            }
            var target = ResolveLink(path);
            isThere = File.Exists(target);
            if (Directory.Exists(target)) throw new CommandException($"cannot write {path}: is a directory");
            var mode = OperatingSystem.IsWindows() || secret || !isThere ? OwnerOnly : File.GetUnixFileMode(target);
            if (!TryExchange(target, content, mode, beside)) WriteInPlace(target, content, mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"cannot write {path}: {FileProblem.Describe(failure)}{(isThere ? "; it was left as it was" : "")}", failure);
        }
    }

    /// <returns>
    /// False where the file must keep its place, so that it can only be written to: it is mounted by itself, its folder is not for us to write, its owner could not be
    /// kept, or nothing may lie beside it.
    /// </returns>
    private static bool TryExchange(string target, ReadOnlySpan<byte> content, UnixFileMode mode, bool beside)
    {
        try
        {
            if (TryWriteNameless(target, content, mode)) return true;
            if (beside) WriteBeside(target, content, mode);
            return beside;
        }
        catch (Exception failure) when (File.Exists(target) && (failure is UnauthorizedAccessException or OwnerException || (failure is IOException && failure.HResult == Busy)))
        {
            return false;
        }
    }

    /// <summary>What is longer than before is written first, so that a full disk leaves the file as it was.</summary>
    private static void WriteInPlace(string target, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows() && mode == OwnerOnly && File.Exists(target)) File.SetUnixFileMode(target, mode);
        using var file = Open(target, FileMode.OpenOrCreate, FileShare.None);
        var (old, length) = (file.Length, content.Length);
        if (length > old)
        {
            try
            {
                file.Position = old;
                file.Write(content[(int)old..]);
                file.Flush(flushToDisk: true);
            }
            catch
            {
                file.SetLength(old);
                throw;
            }
        }
        file.Position = 0;
        file.Write(content[..(int)Math.Min(old, length)]);
        file.SetLength(length);
        file.Flush(flushToDisk: true);
    }

    /// <returns>False where files without a name cannot be had; nothing was written then.</returns>
    private static bool TryWriteNameless(string target, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = NamelessFile.Create(Path.GetDirectoryName(target)!);
        if (file is null) return false;
        Fill(file, target, content, mode);
        if (!File.Exists(target) && NamelessFile.TryName(file, target)) return true;
        var temporary = TemporaryNameFor(target);
        if (!NamelessFile.TryName(file, temporary)) return false;
        Rename(temporary, target);
        return true;
    }

    private static void WriteBeside(string target, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = TemporaryNameFor(target);
        try
        {
            using var file = Open(temporary, FileMode.CreateNew, FileShare.None);
            Fill(file, target, content, mode);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
        Rename(temporary, target);
    }

    /// <summary>A file that comes to be by that is for its owner only.</summary>
    private static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static void Fill(FileStream file, string target, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        if (FileStatus.Of(target) is { } status && !status.TryGive(file.SafeFileHandle)) throw new OwnerException();
        file.Write(content);
        file.Flush(flushToDisk: true);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, mode);
    }

    private static void Rename(string temporary, string target)
    {
        try
        {
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    /// <summary>From the whole path: of a name without a folder .NET takes a relative link to lead from the root.</summary>
    private static string ResolveLink(string path)
    {
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    private static string TemporaryNameFor(string target) => Path.Combine(
        Path.GetDirectoryName(target)!,
        string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(target)}.{RandomNumberGenerator.GetInt32(int.MaxValue):x8}.tmp"));

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException) { }
        catch (UnauthorizedAccessException) { }
    }

    /// <summary>Whoever owns the file would not own the new one.</summary>
    private sealed class OwnerException : Exception;
}
