using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// While the program waits for somebody to type or to send, nothing is half done: a request to stop ends it at once, where it otherwise ends the work between two files
/// (<see cref="Interruption"/>). A read of standard input or of a pipe cannot be cancelled, so that the request would be heard only after the next key.
/// </summary>
internal sealed class Waiting : IDisposable
{
    private readonly PosixSignalRegistration[] _signals = [.. Interruption.Signals.Select(signal => PosixSignalRegistration.Create(signal, End))];

    public static Waiting ForInput() => new();

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private static void End(PosixSignalContext context)
    {
        Talk.Say("");
        Environment.Exit(Interruption.ExitCodeOf(context.Signal));
    }
}
