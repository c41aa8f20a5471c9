namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>Enough passes wait for a store that does not answer. No failure of the object: it is looked at again in a moment.</summary>
internal sealed class StoreBusyException(StoreIdentity store) : Exception($"waits for {store}, which has not answered others yet")
{
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>For so long it is no news.</summary>
    public static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(30);
}
