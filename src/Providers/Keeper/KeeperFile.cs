namespace GitOpsSecrets.Providers.Keeper;

/// <summary>A file of a record.</summary>
/// <param name="Url">Where its sealed content is; null where the server named no place.</param>
/// <param name="Key">Opens it; zeroed with its record.</param>
internal sealed record KeeperFile(string Title, string? Url, byte[] Key)
{
    public override string ToString() => nameof(KeeperFile);
}
