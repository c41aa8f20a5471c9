namespace GitOpsSecrets.Providers.Json;

/// <summary>How a store finds a property in a JSON secret. Each keeps the order of the original's provider.</summary>
public enum PropertyOrder
{
    /// <summary>As a path only.</summary>
    Path,

    /// <summary>A name with dots is first tried as one name, then as a path.</summary>
    DottedNameFirst,

    /// <summary>As a path first; a name with dots is then tried as one name.</summary>
    PathFirst,

    /// <summary>As the exact name of a top-level member first, whatever is in it, then as a path.</summary>
    ExactNameFirst,
}
