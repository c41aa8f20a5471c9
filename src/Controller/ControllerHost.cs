using System.Runtime.InteropServices;
using GitOpsSecrets.Controller.Flags;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Controller;

/// <summary>Runs the controller: as a program of its own, or inside another.</summary>
public static class ControllerHost
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadFlags = 2;

    /// <summary>SIGUSR1 on Linux: make a new sealing key now.</summary>
    private const PosixSignal MakeKeySignal = (PosixSignal)10;

    /// <summary>A controller that is not started yet.</summary>
    /// <param name="arguments">As on its command line.</param>
    /// <param name="surroundings">Clock, environment and log; the process's own when <c>null</c>.</param>
    /// <exception cref="ControllerOptionsException">Settings that cannot be used, all of them at once.</exception>
    public static ControllerProcess Build(IReadOnlyList<string> arguments, ControllerSurroundings? surroundings = null)
    {
        surroundings ??= new ControllerSurroundings();
        var options = ControllerOptions.Load(arguments, surroundings.Environment, out var problems);
        return problems.Count == 0 ? new ControllerProcess(options, surroundings) : throw new ControllerOptionsException(problems);
    }

    /// <summary>The program: runs until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code: 0 well, 1 failed, 2 bad flags.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var surroundings = new ControllerSurroundings();
        var options = ControllerOptions.Load(arguments, surroundings.Environment, out var problems);
        if (options.ShowHelp || options.ShowVersion)
        {
            await Console.Out.WriteAsync(options.ShowHelp ? "Usage of controller:\n" + ControllerFlags.For(new ControllerOptions()).Usage() : ControllerVersion.Text).ConfigureAwait(false);
            return Success;
        }
        if (problems.Count > 0)
        {
            foreach (var problem in problems) await Console.Error.WriteLineAsync("error: " + problem).ConfigureAwait(false);
            await Console.Error.WriteLineAsync("controller --help lists the flags").ConfigureAwait(false);
            return BadFlags;
        }
        EnvironmentProxy.Use(name => surroundings.Environment.GetValueOrDefault(name));
        try
        {
            await using var controller = new ControllerProcess(options, surroundings);
            await RunUntilSignalAsync(controller).ConfigureAwait(false);
            return Success;
        }
        catch (Exception failure) when (failure is KubeConfigurationException or IOException)
        {
            await Console.Error.WriteLineAsync("error: " + failure.Message).ConfigureAwait(false);
            return Failure;
        }
    }

    private static async Task RunUntilSignalAsync(ControllerProcess controller)
    {
        using var stopping = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var makeKey = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create(MakeKeySignal, MakeKey) : null;
        await controller.RunAsync(stopping.Token).ConfigureAwait(false);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        void MakeKey(PosixSignalContext context)
        {
            context.Cancel = true;
            controller.RequestKey();
        }
    }
}
