namespace GitOpsSecrets.Providers.Declared;

/// <summary>A secret whose properties, or whose keys and values, are not those of its value.</summary>
/// <param name="whole">The value; taken over, as the others are.</param>
/// <param name="within">Where properties are looked up, and keys and values; null for in the value.</param>
/// <param name="all">Keys and values, whatever the property; null for those of the others.</param>
internal sealed class SplitSecret(RemoteSecret whole, RemoteSecret? within, RemoteSecret? all) : RemoteSecret
{
    public override long Size => whole.Size + (within?.Size ?? 0) + (all?.Size ?? 0);

    public override byte[]? Value(string? property) => (string.IsNullOrEmpty(property) ? whole : within ?? whole).Value(property);

    public override SecretValues? Values(string? property) => all is null ? (within ?? whole).Values(property) : all.Values(null);

    public override string? ToString() => whole.ToString();

    protected override void Dispose(bool disposing)
    {
        whole.Dispose();
        within?.Dispose();
        all?.Dispose();
    }
}
