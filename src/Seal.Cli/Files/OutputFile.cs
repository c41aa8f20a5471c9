using System.Globalization;
using System.Security.Cryptography;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>
/// Replaces a file whole or not at all: the content goes to a new file, reaches the disk, and takes the name. A full disk, a crash or
/// Ctrl-C leaves the old file as it was, and on Linux nothing beside it: see <see cref="NamelessFile"/>.
/// </summary>
internal static class OutputFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="path">A link is followed: the file it names is replaced, the link stays.</param>
    /// <param name="content">All of the file.</param>
    /// <param name="secret">Whether it is for its owner only, whatever mode a file has that is there.</param>
    /// <remarks>An existing file keeps its mode; a new one is for its owner only, as in the original.</remarks>
    /// <exception cref="CommandException">It cannot be written; the old file is untouched.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool secret = false)
    {
        try
        {
            // Before links are followed: /dev/stdout is one, and leads to something without a path where output goes to a pipe.
            if (SpecialFile.Is(path))
            {
                File.WriteAllBytes(path, content);
                return;
            }
            var target = ResolveLink(path);
            if (Directory.Exists(target)) throw new CommandException($"cannot write {path}: is a directory");
            var mode = OperatingSystem.IsWindows() || secret ? OwnerOnly : File.Exists(target) ? File.GetUnixFileMode(target) : OwnerOnly;
            if (!TryWriteNameless(target, content, mode)) WriteBeside(target, content, mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"cannot write {path}: {FileProblem.Describe(failure)}; it was left as it was", failure);
        }
    }

    /// <summary>Replaces a file by what was made of its content, unless somebody else has changed it since: nothing of theirs is lost.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Its content as it was read; null when there was no such file.</param>
    /// <param name="content">Its new content.</param>
    /// <exception cref="CommandException">It was changed meanwhile, or cannot be written; it is as it was.</exception>
    public static void Change(string path, byte[]? read, ReadOnlySpan<byte> content)
    {
        if (!Is(path, read)) throw new CommandException($"{path} was changed by another program meanwhile, and is left as it is: run the command again");
        Replace(path, content);
    }

    /// <summary>Whether a file still has this content; null stands for none.</summary>
    public static bool Is(string path, byte[]? content) => File.Exists(path) ? content is not null && InputFile.Read(path).AsSpan().SequenceEqual(content) : content is null;

    /// <summary>
    /// Writes plaintext that the user asked for. It never lies in a second file: the space is reserved first, so that a full disk
    /// fails before the old content is gone.
    /// </summary>
    public static void WritePlaintext(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(path) && !SpecialFile.Is(path)) File.SetUnixFileMode(path, OwnerOnly);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = SpecialFile.Is(path) ? 0 : content.Length };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using var file = new FileStream(path, options);
            file.Write(content);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"cannot write {path}: {FileProblem.Describe(failure)}", failure);
        }
    }

    /// <returns>False where files without a name cannot be had; nothing was written then.</returns>
    private static bool TryWriteNameless(string target, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = NamelessFile.Create(Path.GetDirectoryName(target)!);
        if (file is null) return false;
        Fill(file, content, mode);
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
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using var file = new FileStream(temporary, options);
            Fill(file, content, mode);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
        Rename(temporary, target);
    }

    private static void Fill(FileStream file, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
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
}
