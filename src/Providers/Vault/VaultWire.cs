namespace GitOpsSecrets.Providers.Vault;

/// <summary>What every request to one store's server carries.</summary>
/// <param name="Server">The server's address, such as <c>https://vault.example.com:8200</c>; may have a path, where a gateway has put Vault below one.</param>
/// <param name="Namespace">A Vault Enterprise or OpenBao namespace; null sends none.</param>
/// <param name="Headers">The store's own headers.</param>
/// <param name="ReadYourWrites">Whether a read waits for the replica to have seen our last write.</param>
/// <param name="ForwardInconsistent">Whether a replica that has not hands the read to the active node instead.</param>
internal sealed record VaultWire(Uri Server, string? Namespace, IReadOnlyDictionary<string, string> Headers, bool ReadYourWrites, bool ForwardInconsistent)
{
    /// <summary>Where a path of the API is: below the path of the server's address, if it has one, as for HashiCorp's own client.</summary>
    public Uri AddressOf(string path) => new(Server, string.Concat(Server.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => "/" + part)) + "/v1/" + path);
}
