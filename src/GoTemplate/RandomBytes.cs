namespace GitOpsSecrets.GoTemplate;

/// <summary>Fills a buffer with random bytes fit for passwords and keys.</summary>
public delegate void RandomBytes(Span<byte> buffer);
