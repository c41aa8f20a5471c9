namespace GitOpsSecrets.Api.ExternalSecrets;

public static class CreationPolicy
{
    /// <summary>Create, update and own the Secret. The default.</summary>
    public const string Owner = "Owner";

    /// <summary>Create and update the Secret, which outlives the ExternalSecret.</summary>
    public const string Orphan = "Orphan";

    /// <summary>Write own keys into a Secret that others made; never create it.</summary>
    public const string Merge = "Merge";

    /// <summary>Create the Secret if need be; write own keys only.</summary>
    public const string CreateOrMerge = "CreateOrMerge";

    /// <summary>Write nothing.</summary>
    public const string None = "None";
}
