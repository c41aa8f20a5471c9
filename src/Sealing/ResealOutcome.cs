namespace GitOpsSecrets.Sealing;

/// <summary>What re-sealing did to an item.</summary>
public enum ResealOutcome
{
    /// <summary>Already sealed to the new certificate; left byte for byte.</summary>
    Current,

    /// <summary>Opened and sealed to the new certificate.</summary>
    Changed,

    /// <summary>Does not open; left byte for byte.</summary>
    Failed,
}
