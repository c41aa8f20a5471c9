namespace GitOpsSecrets.Providers.Vault;

/// <summary>What every request to one store's server carries.</summary>
/// <param name="Server">The server's address, such as <c>https://vault.example.com:8200</c>.</param>
/// <param name="Namespace">A Vault Enterprise or OpenBao namespace; null sends none.</param>
/// <param name="Headers">The store's own headers.</param>
/// <param name="ReadYourWrites">Whether a read waits for the replica to have seen our last write.</param>
/// <param name="ForwardInconsistent">Whether a replica that has not hands the read to the active node instead.</param>
internal sealed record VaultWire(Uri Server, string? Namespace, IReadOnlyDictionary<string, string> Headers, bool ReadYourWrites, bool ForwardInconsistent);
