using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary><c>--validate</c>: asks the controller about each SealedSecret of the input; silence is success.</summary>
internal sealed class Validation(ParsedFlags flags, TimeProvider time)
{
    public async Task RunAsync(Manifest input, CancellationToken cancellationToken)
    {
        if (input.Objects.Count == 0) throw new CommandException($"cannot validate sealed secret: {input.Source} holds no object");
        var sealedSecrets = input.Objects.Select(ObjectDecoder.SealedSecret).ToList();
        using var controller = await ControllerClient.OpenAsync(flags, cancellationToken);
        foreach (var sealedSecret in sealedSecrets)
        {
            if (!await OpensAsync(controller, sealedSecret, cancellationToken))
                throw new CommandException($"unable to decrypt sealed secret: {sealedSecret.Metadata.Name}");
        }
    }

    /// <exception cref="CommandException">The controller did not say.</exception>
    public async Task<bool> OpensAsync(ControllerClient controller, SealedSecret sealedSecret, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(sealedSecret, ApiJson.Compact.SealedSecret);
        try
        {
            return await RateLimit.WaitAsync(() => controller.VerifyAsync(body, cancellationToken), time, cancellationToken);
        }
        catch (KubeStatusException failure)
        {
            throw new CommandException($"cannot validate sealed secret: {failure.Message}", failure);
        }
    }
}
