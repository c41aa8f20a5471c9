namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The program: reads its command line, starts the cluster, and serves or shows the demo.</summary>
internal static class LocalClusterProgram
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (QuickstartArguments.Parse(arguments, out var problem) is not { } parsed)
        {
            await error.WriteLineAsync("error: " + problem);
            return Usage;
        }

        if (parsed.WantsHelp)
        {
            await output.WriteAsync(QuickstartArguments.Help);
            return Success;
        }

        try
        {
            return parsed.IsDemo ? await ShowAsync(parsed, output, cancellationToken) : await ServeAsync(parsed, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync(parsed.IsDemo ? "stopped before the end" : "stopped");
            return parsed.IsDemo ? Failure : Success;
        }
        catch (Exception failure) when (failure is QuickstartException or IOException)
        {
            await error.WriteLineAsync("error: " + failure.Message);
            return Failure;
        }
    }

    private static async Task<int> ServeAsync(QuickstartArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync("Starting the API server and the controller; its first sealing key takes some seconds …");
        await using var cluster = await QuickstartCluster.StartAsync(arguments, cancellationToken);
        await output.WriteLineAsync($"""
            The API server is at {cluster.Address}, the controller's log in {cluster.LogPath}.

            In another terminal, with kubectl:
              export KUBECONFIG={cluster.KubeconfigPath}
              kubectl create secret generic db --from-literal=password=changeme --dry-run=client -o yaml \
                | {SealTool.Command} --format yaml > db.yaml
              kubectl apply -f db.yaml
              kubectl get sealedsecrets,secrets

            Ctrl-C stops it; nothing is kept.
            """);
        await cluster.WaitForEndAsync(cancellationToken);
        return Success;
    }

    private static async Task<int> ShowAsync(QuickstartArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var steps = new DemoSteps(output);
        var git = await steps.DoAsync("Look for git", _ => GitRepository.CreateAsync(cancellationToken), repository => $"{repository.Version}; the repository is {repository.Path}");
        using var held = git;
        await using var cluster = await steps.DoAsync(
            "Start a Kubernetes-compatible API server and the controller; the first sealing key takes some seconds",
            _ => QuickstartCluster.StartAsync(arguments, cancellationToken),
            started => $"API server at {started.Address}, controller ready");
        await new Demo(cluster, git, steps, arguments.KeySize).RunAsync(cancellationToken);
        await new ExternalDemo(cluster, steps).RunAsync(cancellationToken);
        await new SopsDemo(cluster, git, steps).RunAsync(cancellationToken);
        await output.WriteLineAsync($"""

            Every step held. What to type next:
              dotnet run --project src/LocalCluster        the same cluster, staying up, for kubectl and seal
              {SealTool.Command} --help
              cat README.md
            """);
        return Success;
    }
}
