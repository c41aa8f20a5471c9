namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>A cluster store whose credentials are those of whoever uses it: on nobody's behalf it cannot be opened, and that is as it should be.</summary>
internal sealed class ReferentStoreException(Exception cause) : Exception("the store can be opened for a namespace only", cause);
