namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>How a source proves that a request is its own.</summary>
internal interface IProof
{
    /// <summary>Whether the body is needed for it; where it is not, strangers are refused before they have sent one.</summary>
    bool CoversBody { get; }

    /// <param name="body">Empty where it is not needed.</param>
    /// <exception cref="AnnouncementException">That cannot be told now.</exception>
    Task<ProofFinding> CheckAsync(IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
