using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// A command that prints private keys: <c>SOPS_AGE_KEY_CMD</c>, <c>SOPS_AGE_SSH_PRIVATE_KEY_CMD</c>. It is asked only when nothing else opened
/// the file, once a recipient, and finds the recipient in <c>SOPS_AGE_RECIPIENT</c>.
/// </summary>
internal sealed class AgeKeyCommand(string variable, string command) : IDataKeySource
{
    private const int MaxBytes = 1 << 20;

    public string Kind => MasterKeyKind.Age;

    public async ValueTask<byte[]?> UnwrapAsync(MasterKey key, SopsLimits limits, CancellationToken cancellationToken)
    {
        var printed = await RunAsync(key.Identifier, cancellationToken);
        try
        {
            return printed.Length == 0 ? null : await new AgeDataKeys(AgeIdentities.Parse(Encoding.UTF8.GetString(printed))).UnwrapAsync(key, limits, cancellationToken);
        }
        catch (AgeException failure)
        {
            throw new CommandException($"${variable}: what the command printed is no key: {failure.Message}", failure) { Code = SopsExitCode.NoKey };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(printed);
        }
    }

    public ValueTask<MasterKey> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, string createdAt, CancellationToken cancellationToken) =>
        new AgeDataKeys([]).WrapAsync(key, secret, createdAt, cancellationToken);

    private async Task<byte[]> RunAsync(string recipient, CancellationToken cancellationToken)
    {
        if (ShellWords.Split(command) is not [var program, .. var arguments]) throw new CommandException($"${variable} is no command");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["SOPS_AGE_RECIPIENT"] = recipient;
        try
        {
            using var process = Process.Start(start)!;
            var buffer = new byte[MaxBytes];
            try
            {
                var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? buffer[..length] : throw new CommandException($"${variable}: the command failed with exit code {process.ExitCode}") { Code = SopsExitCode.NoKey };
            }
            finally
            {
                CryptographicOperations.ZeroMemory(buffer);
            }
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new CommandException($"${variable}: cannot run {program}: {failure.Message}", failure) { Code = SopsExitCode.NoKey };
        }
    }
}
