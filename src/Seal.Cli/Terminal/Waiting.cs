using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// While the program waits for somebody to type or to send, nothing is half done: Ctrl-C ends it at once, where it otherwise ends the work between two files
/// (<see cref="Interruption"/>). A read of standard input cannot be cancelled, so that a request to stop would be heard only after the next key.
/// </summary>
internal static class Waiting
{
    public static IDisposable ForInput() => PosixSignalRegistration.Create(PosixSignal.SIGINT, static context =>
    {
        Talk.Say("");
        Environment.Exit(Interruption.ExitCodeOf(context.Signal));
    });
}
