using System.Text;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>Keyrings from the vectors' keys.</summary>
internal static class Keyrings
{
    public static SopsKeyring Of(params IEnumerable<string> names)
    {
        var builder = new SopsKeyringBuilder();
        foreach (var name in names) builder.AddFile(Encoding.UTF8.GetBytes(SopsVector.KeyText(name)));
        return builder.Build();
    }
}
