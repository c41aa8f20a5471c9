namespace GitOpsSecrets.Controller.External.Target;

/// <summary>Whose a target is.</summary>
/// <param name="Namespace">Of both.</param>
/// <param name="Name">Of the ExternalSecret.</param>
/// <param name="IsOwning">Whether it controls the target, and takes it along when it goes.</param>
internal sealed record TargetOwner(string Namespace, string Name, string Uid, bool IsOwning);
