using System.Text;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>The certificates that a repository's clusters name.</summary>
internal static class ClusterCertificates
{
    /// <summary>The certificate, known to be usable today and to be the one that the rules expect.</summary>
    /// <param name="cluster">Of these rules.</param>
    /// <param name="folder">Of the rules: paths start there.</param>
    /// <param name="time">Says what expired means.</param>
    public static async ValueTask<SealingCertificate> LoadAsync(Cluster cluster, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var pem = await ReadAsync(cluster, folder, cancellationToken);
        if (pem is null) throw new CommandException($"no certificate is kept for the context \"{cluster.Context}\" of cluster {cluster.Name}; run `seal cert --context {cluster.Context}` while the cluster can be reached");
        var certificate = CertificateSource.Parse(pem, time, $"the certificate of cluster {cluster.Name}");
        if (cluster.Fingerprint is { } wanted && wanted != certificate.Fingerprint)
            throw new CommandException($"the certificate of cluster {cluster.Name} is {certificate.Fingerprint}, but {RepositoryRules.FileName} wants {wanted}");
        return certificate;
    }

    /// <summary>The certificate if it can be had without a network and without an error, expired or not.</summary>
    public static SealingCertificate? FindLocal(Cluster cluster, string folder)
    {
        try
        {
            return !cluster.IsRemote && ReadLocal(cluster, folder) is { } pem && SealingCertificate.TryLoad(Encoding.UTF8.GetString(pem), out var certificate, out _) ? certificate : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private static async ValueTask<byte[]?> ReadAsync(Cluster cluster, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return cluster.IsRemote ? await CertificateDownload.GetAsync(cluster.Certificate!, cancellationToken) : ReadLocal(cluster, folder);
        }
        catch (CommandException failure)
        {
            throw new CommandException($"{failure.Message} ({RepositoryRules.FileName}: the certificate of cluster {cluster.Name})", failure);
        }
    }

    private static byte[]? ReadLocal(Cluster cluster, string folder) =>
        cluster.Context is { } context ? CertificateShelf.Find(context) : InputFile.Read(Path.Combine(folder, cluster.Certificate!));
}
