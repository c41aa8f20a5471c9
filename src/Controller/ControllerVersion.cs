using System.Reflection;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller;

/// <summary>What <c>--version</c> prints; the first line in the form that the original's scripts match.</summary>
internal static class ControllerVersion
{
    /// <summary><c>vX.Y.Z</c>.</summary>
    public static string Number => "v" + (typeof(ControllerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];

    public static string Text => $"controller version: {Number}\nRSA: {OaepBackend.Name}\n";
}
