namespace GitOpsSecrets.Controller.External.Push;

/// <summary>A PushSecret that cannot be pushed as it is written. The message goes into its condition and holds no value.</summary>
/// <param name="isFinal">Of no use to try again until the PushSecret, its source or a store changes.</param>
internal sealed class PushException(string message, bool isFinal = true) : Exception(message)
{
    public bool IsFinal { get; } = isFinal;
}
