using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli;

internal static class ProgramVersion
{
    /// <summary><c>v1.2.3</c>.</summary>
    public static string Number => "v" + typeof(ProgramVersion).Assembly.GetName().Version!.ToString(3);

    /// <summary>Under the original's name the one line that scripts expect; else also what opens sealed values on this machine.</summary>
    public static string Describe(string programName) => programName == Program.OriginalName
        ? $"{programName} version: {Number}\n"
        : $"{programName} version: {Number}\nRSA-OAEP backend: {OaepBackend.Name}\n";
}
