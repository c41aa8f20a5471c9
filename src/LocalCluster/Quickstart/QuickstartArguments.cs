using System.Globalization;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The program's command line.</summary>
internal sealed record QuickstartArguments
{
    public const string Help = """
        A Kubernetes-compatible API server and the controller in one process: try GitOpsSecrets without a cluster.

        Usage:
          dotnet run --project src/LocalCluster                start, write a kubeconfig, run until Ctrl-C
          dotnet run --project src/LocalCluster -- demo        do the main job once, step by step; exit 0 only if every step held

        Options:
          --directory DIR   where the kubeconfig and the controller's log go (default artifacts/local-cluster)
          --port PORT       port of the API server on 127.0.0.1 (default: a free one)
          --key-size BITS   size of sealing keys, 2048 to 16384 (default 4096)
          --help            this text

        Everything is on the loopback interface and in memory: nothing survives the process but the files in DIR.

        """;

    public bool IsDemo { get; init; }

    public bool WantsHelp { get; init; }

    public string Directory { get; init; } = Path.Combine("artifacts", "local-cluster");

    public int Port { get; init; }

    public int KeySize { get; init; } = 4096;

    /// <returns><c>null</c> with a problem when they cannot be understood.</returns>
    public static QuickstartArguments? Parse(IReadOnlyList<string> arguments, out string problem)
    {
        var result = new QuickstartArguments();
        problem = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "demo") result = result with { IsDemo = true };
            else if (argument is "--help" or "-h") result = result with { WantsHelp = true };
            else if (i + 1 < arguments.Count && result.With(argument, arguments[i + 1]) is { } changed) (result, i) = (changed, i + 1);
            else problem = $"cannot understand \"{argument}\"; --help tells what there is";
            if (problem.Length > 0) return null;
        }

        return result;
    }

    private QuickstartArguments? With(string option, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return option switch
        {
            "--directory" => this with { Directory = value },
            "--port" when isNumber && number <= 65535 => this with { Port = number },
            "--key-size" when isNumber && number is >= 2048 and <= 16384 => this with { KeySize = number },
            _ => null,
        };
    }
}
