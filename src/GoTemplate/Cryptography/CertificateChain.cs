using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>Orders certificates from leaf to root by their key identifiers, and picks from them.</summary>
internal static class CertificateChain
{
    public static GoString Filter(ExecutionBudget budget, string part, GoString pem)
    {
        var chain = Order(budget, CertificateText.ParseAll(budget, pem));
        return part switch
        {
            "leaf" => chain[0].IsRoot ? GoString.Empty : chain[0].ToPem(),
            "intermediate" => Join(chain.Skip(1).TakeWhile(certificate => !certificate.IsRoot)),
            "root" => chain[^1].IsRoot ? chain[^1].ToPem() : GoString.Empty,
            _ => GoString.Empty,
        };
    }

    /// <exception cref="FunctionException">They are not one chain.</exception>
    public static List<CertificateText> Order(ExecutionBudget budget, List<CertificateText> certificates)
    {
        budget.Step((long)certificates.Count * certificates.Count);
        var parents = certificates.ConvertAll(certificate => ParentOf(certificate, certificates));
        var leaves = certificates.Where(certificate => !parents.Contains(certificate)).ToList();
        if (leaves.Count != 1)
        {
            throw new FunctionException(leaves.Count > 1 ? "found multiple leaf or disjunct certificates" : "no leaf certificate found");
        }

        var chain = new List<CertificateText>();
        for (var next = leaves[0]; next is not null; next = parents[certificates.IndexOf(next)])
        {
            if (chain.Count > certificates.Count)
            {
                throw new FunctionException("constructing chain resulted in cycle");
            }

            chain.Add(next);
        }

        return chain;
    }

    public static GoString Join(IEnumerable<CertificateText> certificates)
    {
        var builder = new Formatting.ByteBuilder();
        foreach (var certificate in certificates)
        {
            builder.Append(certificate.ToPem());
        }

        return builder.ToGoString();
    }

    private static CertificateText? ParentOf(CertificateText certificate, List<CertificateText> all) =>
        all.Find(other => other != certificate && certificate.AuthorityKeyId.AsSpan().SequenceEqual(other.SubjectKeyId));
}
