namespace GitOpsSecrets.Providers.Json;

/// <summary>What a property means that the secret does not have.</summary>
public enum MissingProperty
{
    /// <summary>A mistake in the reference: the secret is there, so nothing is to be deleted.</summary>
    Failure,

    /// <summary>The same as a secret that is not there.</summary>
    MissingSecret,
}
