using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Seal.Cli.Git;

/// <summary>Contents of objects, through one <c>git cat-file --batch</c>, which answers one question at a time. Thread-safe.</summary>
internal sealed class GitObjects : IDisposable
{
    private const int MaxHeader = 4096;

    private readonly Lock _turn = new();
    private readonly Process _process;
    private readonly Stream _output;

    public GitObjects(string folder)
    {
        _process = GitProcess.Start(folder, ["cat-file", "--batch"]);
        _output = new BufferedStream(_process.StandardOutput.BaseStream, 64 * 1024);
        _process.ErrorDataReceived += (_, _) => { }; // drained, so that git never waits for us
        _process.BeginErrorReadLine();
    }

    /// <param name="name">An object's name, or <c>REVISION:PATH</c>.</param>
    /// <param name="limit">Larger ones are passed over.</param>
    /// <returns>Null when there is no such blob, or when it is too large.</returns>
    public byte[]? Read(string name, long limit) => TryRead(name, limit, out var content) ? content : null;

    /// <param name="name">An object's name, or <c>REVISION:PATH</c>.</param>
    /// <param name="limit">In bytes.</param>
    /// <param name="content">Null when there is no such blob; of one that is too large its beginning.</param>
    /// <param name="begin">So much of what is too large is given, in bytes.</param>
    /// <returns>False when it is larger than the limit.</returns>
    public bool TryRead(string name, long limit, out byte[]? content, int begin = 0)
    {
        content = null;
        if (name.Contains('\n', StringComparison.Ordinal)) return true;
        lock (_turn) return TryAsk(name, limit, begin, out content);
    }

    private bool TryAsk(string name, long limit, int begin, out byte[]? content)
    {
        content = null;
        _process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(name + "\n"));
        _process.StandardInput.BaseStream.Flush();
        // "<id> blob <size>", or "<name> missing".
        var header = ReadLine().Split(' ');
        if (header.Length != 3 || !long.TryParse(header[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return true;
        var wanted = header[1] == "blob" && size <= limit;
        var read = header[1] != "blob" ? 0 : wanted ? size : Math.Min(size, begin);
        if (header[1] == "blob") _output.ReadExactly(content = new byte[read]);
        Skip(size - read);
        _ = _output.ReadByte(); // the line end behind the content
        return wanted || header[1] != "blob";
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before us; what was asked of it has failed then.
        }
        _process.WaitForExit();
        _output.Dispose();
        _process.Dispose();
    }

    private string ReadLine()
    {
        var line = new List<byte>();
        int next;
        while ((next = _output.ReadByte()) is not ('\n' or -1))
        {
            line.Add((byte)next);
            if (line.Count > MaxHeader) break;
        }
        return next < 0 ? throw new CommandException("git cat-file ended before it had answered") : Encoding.UTF8.GetString([.. line]);
    }

    private void Skip(long size)
    {
        var buffer = new byte[64 * 1024];
        while (size > 0)
        {
            var read = _output.Read(buffer, 0, (int)Math.Min(buffer.Length, size));
            if (read == 0) throw new CommandException("git cat-file ended before it had answered");
            size -= read;
        }
    }
}
