namespace GitOpsSecrets.Sops.Keys;

/// <summary>Keys of which each one alone opens the data key, or in a file of several groups this group's share of it.</summary>
public sealed record KeyGroup(IReadOnlyList<MasterKey> Keys);
