using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// A request to stop: Ctrl-C, a terminal that closes, or <c>kill</c>. The first one ends the work between two files, never within one; a second one ends the
/// program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    public static readonly IReadOnlyList<PosixSignal> Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _code;

    public Interruption()
    {
        _signals = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        IsHeard = true;
    }

    /// <summary>Whether a request to stop waits for the work, in this run of the program.</summary>
    public static bool IsHeard { get; private set; }

    public CancellationToken Token => _stop.Token;

    /// <summary>What to exit with, as shells count it; zero while nobody asked.</summary>
    public int ExitCode => Volatile.Read(ref _code);

    /// <summary>What a shell says of a program that a signal ended.</summary>
    public static int ExitCodeOf(PosixSignal signal) => 128 + signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = Interlocked.CompareExchange(ref _code, ExitCodeOf(context.Signal), 0) == 0;
        if (context.Cancel) _stop.Cancel();
    }
}
