namespace GitOpsSecrets.Sops;

/// <summary>What to do about the MAC on opening.</summary>
public enum MacCheck
{
    /// <summary>The MAC must be there and fit. The only right choice for the text of a file.</summary>
    Required,

    /// <summary>
    /// For documents that went through something that reorders keys or adds fields, such as the API server: their MAC cannot fit any more.
    /// Each value is still bound to its key path, but values may have been deleted, list items swapped, clear fields changed, or a whole older
    /// file put in place.
    /// </summary>
    Impossible,
}
