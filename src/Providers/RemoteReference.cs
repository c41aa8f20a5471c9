namespace GitOpsSecrets.Providers;

/// <summary>What a <c>remoteRef</c> or <c>extract</c> names. Empty strings are absent ones.</summary>
/// <param name="Key">The remote secret, in the store's own terms.</param>
/// <param name="Property">A part of it; most stores take a gjson path.</param>
/// <param name="Version">A version, in the store's own terms; null is the newest.</param>
/// <param name="FetchMetadata">Whether the secret's metadata (tags, labels) is wanted in place of its value.</param>
public sealed record RemoteReference(string Key, string? Property = null, string? Version = null, bool FetchMetadata = false);
