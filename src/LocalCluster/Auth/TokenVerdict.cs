namespace GitOpsSecrets.LocalCluster.Auth;

/// <summary>Whose token it is and which of the asked audiences it is for.</summary>
internal sealed record TokenVerdict(UserInfo User, IReadOnlyList<string> Audiences);
