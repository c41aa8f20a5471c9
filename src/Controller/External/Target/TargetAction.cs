namespace GitOpsSecrets.Controller.External.Target;

internal enum TargetAction
{
    /// <summary>The Secret is as it should be.</summary>
    Nothing,
    Create,
    Update,

    /// <summary>Deleted and created: what has to change cannot be changed.</summary>
    Replace,

    /// <summary>There is none, and it is not ours to create.</summary>
    Absent,

    /// <summary>It must not be touched until it, or its source, changes.</summary>
    Refuse,
}
