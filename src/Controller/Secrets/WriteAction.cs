namespace GitOpsSecrets.Controller.Secrets;

internal enum WriteAction
{
    /// <summary>The Secret is as it should be.</summary>
    Nothing,
    Create,
    Update,

    /// <summary>It must not be touched; nothing helps until it, or its source, changes.</summary>
    Refuse,
}
