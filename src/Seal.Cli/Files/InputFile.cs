using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>Reads files whole, with errors worded as the original's users know them.</summary>
internal static class InputFile
{
    /// <summary>In the place of a file: standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Larger than any object a cluster takes, times many documents; an honest mistake (a disk image) fails soon.</summary>
    private const long MaxBytes = 256L * 1024 * 1024;
    private const int ChunkBytes = 80 * 1024;

    /// <summary>What has no length to be told from: a pipe, a device, standard input.</summary>
    /// <exception cref="CommandException">It does not end where files end at the latest.</exception>
    public static byte[] ReadAll(Stream stream, string source)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        try
        {
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                if (buffer.Length + read > MaxBytes) throw new CommandException($"read {source}: larger than {MaxBytes >> 20} MiB");
                buffer.Write(chunk, 0, read);
            }
            return buffer.ToArray();
        }
        finally
        {
            Array.Clear(chunk);
            buffer.GetBuffer().AsSpan().Clear();
        }
    }

    /// <summary>The first bytes of a file, which has more.</summary>
    /// <exception cref="CommandException">The file is missing or unreadable.</exception>
    public static byte[] ReadBegin(string path, int count)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            var begin = new byte[count];
            return begin[..file.ReadAtLeast(begin, count, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"open {path}: {FileProblem.Describe(failure)}", failure);
        }
    }

    /// <param name="path">A file, or <see cref="StandardInput"/>.</param>
    /// <exception cref="CommandException">The file is missing, unreadable, a folder, or too large.</exception>
    public static byte[] ReadOrAwait(string path) => path == StandardInput ? Talk.AwaitInput() : Read(path);

    /// <exception cref="CommandException">The file is missing, unreadable, a folder, or too large.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new CommandException($"read {path}: is a directory");
            using var waiting = Interruption.IsHeard && SpecialFile.Is(path) ? Waiting.ForInput() : null;
            // Pipes (/dev/stdin, <(…)) have no length: read to the end.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            if (file.CanSeek && file.Length > MaxBytes) throw new CommandException($"read {path}: larger than {MaxBytes >> 20} MiB");
            if (file is { CanSeek: true, Length: > 0 })
            {
                var bytes = new byte[file.Length];
                file.ReadExactly(bytes);
                return bytes;
            }
            return ReadAll(file, path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"open {path}: {FileProblem.Describe(failure)}", failure);
        }
    }
}
