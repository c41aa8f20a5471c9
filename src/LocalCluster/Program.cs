using System.Runtime.InteropServices;
using GitOpsSecrets.LocalCluster.Quickstart;
using GitOpsSecrets.Providers.Http;

using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
EnvironmentProxy.Use(Environment.GetEnvironmentVariable);
return await LocalClusterProgram.RunAsync(args, Console.Out, Console.Error, stopping.Token).ConfigureAwait(false);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
