using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// Keys or tokens in mounted files, one a line: several, so that a new one counts before the old one goes. They are read for each use, so that a new one counts at once,
/// and zeroed after it.
/// </summary>
internal sealed class SharedKeys : IDisposable
{
    /// <summary>Bytes that a key or token has at least.</summary>
    public const int Shortest = 16;

    private const int LargestFile = 64 * 1024;

    private readonly List<byte[]> all = [];

    private SharedKeys()
    {
    }

    public IReadOnlyList<byte[]> All => all;

    /// <param name="isSigning">Lines that begin with <c>whsec_</c> are base64 after it.</param>
    /// <exception cref="AnnouncementException">A file cannot be read, or holds what is no key.</exception>
    public static SharedKeys Load(IEnumerable<string> files, bool isSigning)
    {
        var keys = new SharedKeys();
        try
        {
            foreach (var file in files) keys.Add(file, isSigning);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>What keeps these files from being used.</summary>
    public static IEnumerable<string> ProblemsOf(IEnumerable<string> files, bool isSigning)
    {
        foreach (var file in files)
        {
            string? problem = null;
            try
            {
                Load([file], isSigning).Dispose();
            }
            catch (AnnouncementException failure)
            {
                problem = failure.Message;
            }
            if (problem is not null) yield return problem;
        }
    }

    public void Dispose()
    {
        foreach (var key in all) CryptographicOperations.ZeroMemory(key);
        all.Clear();
    }

    private void Add(string file, bool isSigning)
    {
        var content = Read(file);
        try
        {
            var before = all.Count;
            foreach (var range in content.AsSpan().Split((byte)'\n'))
            {
                var line = content.AsSpan()[range].Trim(" \t\r"u8);
                if (line.IsEmpty) continue;
                all.Add(isSigning ? SigningKey(line, file) : line.ToArray());
                if (all[^1].Length < Shortest) throw new AnnouncementException(string.Create(CultureInfo.InvariantCulture, $"{file}: a key or token is shorter than {Shortest} bytes"));
            }
            if (all.Count == before) throw new AnnouncementException($"{file}: holds no key or token");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static byte[] SigningKey(ReadOnlySpan<byte> line, string file)
    {
        if (!line.StartsWith("whsec_"u8)) return line.ToArray();
        var text = line["whsec_"u8.Length..];
        var key = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        try
        {
            return Base64.DecodeFromUtf8(text, key, out _, out var written) == System.Buffers.OperationStatus.Done
                ? key[..written]
                : throw new AnnouncementException($"{file}: what follows whsec_ is not base64");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Read(string file)
    {
        try
        {
            return new FileInfo(file).Length <= LargestFile
                ? File.ReadAllBytes(file)
                : throw new AnnouncementException(string.Create(CultureInfo.InvariantCulture, $"{file}: larger than {LargestFile} bytes"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AnnouncementException($"{file}: cannot be read ({failure.GetType().Name})");
        }
    }
}
