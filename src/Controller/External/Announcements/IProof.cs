namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>How a source proves that a request is its own.</summary>
internal interface IProof
{
    /// <exception cref="AnnouncementException">That cannot be told now.</exception>
    Task<ProofFinding> CheckAsync(IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
