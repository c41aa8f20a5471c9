using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// What <c>status.observedHash</c> holds: <c>INPUTS.SECRET</c>, two hashes in base64url. INPUTS is over the versions of all that the Secret was made from
/// besides the ExternalSecret itself and the provider's values (stores, templates, generators); SECRET over the UID and resourceVersion that the Secret had when
/// it was last known to be right. So a restart needs no request to see that nothing changed.
/// </summary>
internal readonly record struct ExternalMark(string Inputs, string Secret)
{
    private const int HashLength = 12;

    /// <summary>There is no Secret, and there need not be one.</summary>
    public const string NoSecret = "-";

    public static ExternalMark? TryParse(string? text)
    {
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return dot < 0 ? null : new ExternalMark(text![..dot], text[(dot + 1)..]);
    }

    public static string HashSecret(string? uid, string? resourceVersion) => Hash([uid, resourceVersion]);

    public static string Hash(IEnumerable<string?> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
        return Base64Url.EncodeToString(hash.AsSpan(0, HashLength));
    }

    public override string ToString() => $"{Inputs}.{Secret}";
}
