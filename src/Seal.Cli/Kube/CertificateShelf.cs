using System.Text;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>The certificates fetched last, one a kube context, under <c>$XDG_CACHE_HOME/gitopssecrets/certificates</c>. Public data.</summary>
internal static class CertificateShelf
{
    /// <summary>Where the certificate of a context is kept. Contexts whose names differ only in odd characters share no file.</summary>
    public static string PathFor(string context)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache)) cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "gitopssecrets", "certificates", FileName(context) + ".pem");
    }

    public static byte[]? Find(string context) => File.Exists(PathFor(context)) ? InputFile.Read(PathFor(context)) : null;

    /// <returns>The path.</returns>
    public static string Keep(string context, byte[] pem)
    {
        var path = PathFor(context);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot write {path}: {FileProblem.Describe(failure)}", failure);
        }
        OutputFile.Replace(path, pem);
        return path;
    }

    private static string FileName(string context)
    {
        var name = new StringBuilder();
        foreach (var c in context)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@') name.Append(c);
            else name.Append('%').Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return name.ToString();
    }
}
