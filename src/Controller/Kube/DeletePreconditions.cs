namespace GitOpsSecrets.Controller.Kube;

/// <summary>What must still be true of an object for it to be deleted; otherwise the API server answers 409.</summary>
internal sealed record DeletePreconditions(string? Uid = null, string? ResourceVersion = null);
