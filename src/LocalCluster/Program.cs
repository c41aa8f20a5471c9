using GitOpsSecrets.LocalCluster;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
await using var server = await LocalApiServer.StartAsync(new LocalApiServerOptions { Port = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 0 }, stop.Token);
var path = server.WriteKubeconfig(args.Length > 1 ? args[1] : "local-cluster.kubeconfig");
Console.WriteLine($"API server at {server.Address}\nexport KUBECONFIG={path}");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
return 0;
