using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>Runs the credential plugin of a kubeconfig user (client.authentication.k8s.io v1 and v1beta1).</summary>
internal static class ExecPlugin
{
    /// <exception cref="CommandException">It cannot be started, fails, or answers something else than a credential.</exception>
    public static async Task<ExecCredential> RunAsync(JsonObject plugin, JsonObject? cluster, CancellationToken cancellationToken)
    {
        var command = plugin.Text("command") ?? throw new CommandException("kubeconfig: users[].user.exec names no command");
        var version = plugin.Text("apiVersion") ?? "client.authentication.k8s.io/v1";
        var interactive = plugin.Text("interactiveMode") != "Never" && !Console.IsInputRedirected;
        if (plugin.Text("interactiveMode") == "Always" && !interactive)
            throw new CommandException($"the credential plugin {command} wants a terminal, and standard input is none; log in first, or use --secret-file");
        var start = new ProcessStartInfo(command) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = !interactive };
        foreach (var argument in plugin.Texts("args")) start.ArgumentList.Add(argument);
        foreach (var variable in (plugin["env"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (variable.Text("name") is { } name) start.Environment[name] = variable.Text("value") ?? "";
        }
        start.Environment["KUBERNETES_EXEC_INFO"] = Request(version, interactive, plugin.True("provideClusterInfo") ? cluster : null);
        try
        {
            using var process = Process.Start(start)!;
            if (!interactive) process.StandardInput.Close();
            var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? Read(answer, command)
                : throw new CommandException($"getting credentials: the credential plugin {command} failed with exit code {process.ExitCode}; what it said is above");
        }
        catch (Win32Exception failure)
        {
            var hint = plugin.Text("installHint") is { } text ? "\n" + text : "";
            throw new CommandException($"getting credentials: the credential plugin {command} cannot be started: {failure.Message}{hint}", failure);
        }
    }

    private static string Request(string version, bool interactive, JsonObject? cluster)
    {
        var spec = new JsonObject { ["interactive"] = interactive };
        if (cluster is not null)
        {
            var described = new JsonObject();
            foreach (var field in (string[])["server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url"])
            {
                if (cluster[field] is { } value) described[field] = value.DeepClone();
            }
            spec["cluster"] = described;
        }
        return new JsonObject { ["apiVersion"] = version, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }

    private static ExecCredential Read(string answer, string command)
    {
        ExecCredential? credential = null;
        try
        {
            if (JsonNode.Parse(answer) is JsonObject read && read["status"] is JsonObject status)
                credential = new ExecCredential(Given(status, "token"), Given(status, "clientCertificateData"), Given(status, "clientKeyData"));
        }
        catch (JsonException) { } // the answer may hold a token: it is not quoted
        var fault = credential switch
        {
            null => "did not print an ExecCredential with a status",
            // Going on would be as anonymous, and the server's refusal would tell nothing of why.
            { Token: null, CertificatePem: null, KeyPem: null } => "did not give a token or a certificate with its key",
            { CertificatePem: null, KeyPem: not null } => "gave a key without its certificate",
            { CertificatePem: not null, KeyPem: null } => "gave a certificate without its key",
            _ => null,
        };
        return fault is null ? credential! : throw new CommandException($"getting credentials: the credential plugin {command} {fault}");
    }

    private static string? Given(JsonObject status, string field) => status.Text(field) is { Length: > 0 } text ? text : null;
}
