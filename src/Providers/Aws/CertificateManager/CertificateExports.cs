namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>
/// Exports that were made before, each for the serial number that the certificate had then: AWS charges for many of them, and not for the question whether a certificate is still the same.
/// Keys stay under their passphrases here, and go when this ends.
/// </summary>
internal sealed class CertificateExports : IDisposable
{
    private const int Most = 128;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Serial, ExportedCertificate Export)> byAddress = new(StringComparer.Ordinal);

    /// <returns>Null when it was not exported yet, or is another now. The caller's to dispose.</returns>
    public CertificateSecret? Open(string arn, string serial, string name)
    {
        lock (gate) return byAddress.TryGetValue(arn, out var kept) && kept.Serial == serial ? kept.Export.Open(name) : null;
    }

    /// <param name="export">Taken over.</param>
    public void Keep(string arn, string serial, ExportedCertificate export)
    {
        lock (gate)
        {
            if (byAddress.Count >= Most) Clear();
            if (byAddress.Remove(arn, out var old)) old.Export.Dispose();
            byAddress[arn] = (serial, export);
        }
    }

    public void Dispose()
    {
        lock (gate) Clear();
    }

    private void Clear()
    {
        foreach (var (_, export) in byAddress.Values) export.Dispose();
        byAddress.Clear();
    }
}
