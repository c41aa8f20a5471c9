using System.Text;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.OpenPgp;

namespace GitOpsSecrets.Sops.Tests;

/// <summary>Keyrings from the vectors' keys.</summary>
internal static class Keyrings
{
    public static SopsKeyring Of(params IEnumerable<string> names)
    {
        var age = new List<IAgeIdentity>();
        var pgp = new List<PgpKeys>();
        foreach (var name in names)
        {
            var text = SopsVector.KeyText(name);
            if (text.Contains("PGP PRIVATE KEY", StringComparison.Ordinal)) pgp.Add(PgpKeys.Parse(Encoding.UTF8.GetBytes(text)));
            else age.AddRange(AgeIdentities.Parse(text));
        }
        return new SopsKeyring([new AgeDataKeys(age), new PgpDataKeys(PgpKeys.Merge(pgp))]);
    }
}
