using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using GitOpsSecrets.Seal.Cli.Terminal;
using Microsoft.Win32.SafeHandles;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>
/// Programs that change files of one folder do so one after the other: between the look at a file and its exchange nobody else's change is lost. A lock of the
/// folder, because a file's own goes with the file that is replaced. Linux only; elsewhere, and where a file system has no locks, it holds nobody up.
/// </summary>
internal sealed class FolderTurn : IDisposable
{
    private const int ExclusiveOrNot = 2 | 4; // LOCK_EX | LOCK_NB
    private const int WouldBlock = 11; // EWOULDBLOCK

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The exchange of one file takes less.</summary>
    private static readonly TimeSpan ToldAfter = TimeSpan.FromSeconds(2);

    /// <summary>Who holds a folder so long was stopped (Ctrl-Z), or wants it for something else.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(60);

    /// <summary>Folders that were waited for, each told once; true where that was in vain, so that the next of a thousand files there waits for nobody.</summary>
    private static readonly ConcurrentDictionary<string, bool> Waits = new(StringComparer.Ordinal);

    private readonly SafeFileHandle? folder;

    private FolderTurn(SafeFileHandle? folder) => this.folder = folder;

    /// <summary>Waits for whoever has it: the exchange of one file.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="time">Of the wait.</param>
    /// <param name="say">Told for what is waited, if it lasts; <c>null</c> for standard error.</param>
    /// <exception cref="CommandException">It did not end.</exception>
    public static FolderTurn Take(string folder, TimeProvider time, Action<string>? say = null)
    {
        var descriptor = LibC.Try(() => LibC.Open(folder, LibC.CloseOnExec, 0), -1);
        if (descriptor < 0) return new FolderTurn(null);
        var turn = new FolderTurn(new SafeFileHandle(descriptor, ownsHandle: true));
        try
        {
            turn.Wait(folder, time, say ?? Talk.Say);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public void Dispose() => folder?.Dispose();

    private void Wait(string path, TimeProvider time, Action<string> say)
    {
        var start = time.GetTimestamp();
        for (var pause = ShortestPause; IsHeld(); pause = pause < LongestPause / 2 ? pause * 2 : LongestPause)
        {
            var waited = time.GetElapsedTime(start);
            if (waited >= GivenUpAfter) Waits[path] = true;
            if (Waits.TryGetValue(path, out var inVain) && inVain)
                throw new CommandException($"another program keeps the folder {path} locked, and no file in it was changed: see which one with fuser -v {path}, end it, and run the command again");
            if (waited >= ToldAfter && Waits.TryAdd(path, false)) say($"waiting for another program that changes files in {path}");
            // Nobody can be woken by a lock that becomes free. The files are changed by code that does not wait otherwise.
            Task.Delay(pause, time, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private bool IsHeld() => LibC.FLock(folder!, ExclusiveOrNot) != 0 && Marshal.GetLastPInvokeError() == WouldBlock;
}
