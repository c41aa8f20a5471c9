using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>From the library's failures to what the user is told: the file, what is wrong, and the remedy.</summary>
internal static class SopsProblem
{
    /// <summary>Does the work on a file; a failure names the file.</summary>
    public static async Task<T> TellAsync<T>(string file, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (failure is SopsException or AgeException)
        {
            throw Of(file, failure);
        }
    }

    /// <inheritdoc cref="TellAsync{T}"/>
    public static T Tell<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is SopsException or AgeException)
        {
            throw Of(file, failure);
        }
    }

    public static CommandException Of(string file, Exception failure) => failure is SopsException sops
        ? new CommandException($"{file}: {sops.Message}{Remedy(sops.Failure)}", sops) { Code = SopsExitCode.Of(sops.Failure) }
        : new CommandException($"{file}: {failure.Message}", failure);

    private static string Remedy(SopsFailure failure) => failure switch
    {
        SopsFailure.AlreadySealed => "; change it with `seal sops edit` or `seal sops set`",
        SopsFailure.Mac => "; if the change was meant, review it, then `seal sops decrypt --ignore-mac` and encrypt the result anew",
        _ => "",
    };
}
