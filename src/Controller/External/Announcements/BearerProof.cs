using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary><c>Authorization: Bearer TOKEN</c>, for services that cannot sign. Who sees the request can send it again; all that this brings is one more refresh.</summary>
internal sealed class BearerProof(IReadOnlyList<string> tokenFiles) : IProof
{
    private const string Scheme = "Bearer ";
    private const int Longest = 4096;

    public bool CoversBody => false;

    public Task<ProofFinding> CheckAsync(IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        Task.FromResult(TokenIn(headers) is { } token && IsKnown(token) ? ProofFinding.Genuine : ProofFinding.Refused);

    /// <returns>null when there is none, or more than one.</returns>
    public static string? TokenIn(IHeaderDictionary headers) =>
        headers.Authorization is [{ } value] && value.Length <= Longest && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : null;

    private bool IsKnown(string token)
    {
        using var known = SharedKeys.Load(tokenFiles, isSigning: false);
        // Of hashes: the time that it takes tells nothing of the length either.
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        var found = false;
        foreach (var one in known.All) found |= CryptographicOperations.FixedTimeEquals(SHA256.HashData(one), given);
        return found;
    }
}
