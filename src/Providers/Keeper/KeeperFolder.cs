namespace GitOpsSecrets.Providers.Keeper;

/// <summary>A folder that is shared with the application.</summary>
/// <param name="Key">Opens the keys of its records; zeroed with the answer.</param>
internal sealed record KeeperFolder(string Uid, byte[] Key)
{
    public override string ToString() => Uid;
}
