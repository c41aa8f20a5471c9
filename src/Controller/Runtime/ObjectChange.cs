namespace GitOpsSecrets.Controller.Runtime;

/// <summary>An object came (no <c>Old</c>), changed, or went (no <c>New</c>). Both are shared with the cache and must not be changed.</summary>
internal readonly record struct ObjectChange<T>(NamespacedName Key, T? Old, T? New)
    where T : class;
