namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>A store that does not answer keeps enough passes waiting already. No failure of the object: it is looked at again in a moment.</summary>
internal sealed class StoreBusyException : Exception
{
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
}
