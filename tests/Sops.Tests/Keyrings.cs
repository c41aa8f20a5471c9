using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>Keyrings from the vectors' keys.</summary>
internal static class Keyrings
{
    public static SopsKeyring Of(params IEnumerable<string> names)
    {
        var age = new List<IAgeIdentity>();
        foreach (var name in names)
        {
            var text = SopsVector.KeyText(name);
            if (!text.Contains("PGP PRIVATE KEY", StringComparison.Ordinal)) age.AddRange(AgeIdentities.Parse(text));
        }
        return new SopsKeyring([new AgeDataKeys(age)]);
    }
}
