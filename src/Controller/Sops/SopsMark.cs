using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// What <c>status.observedHash</c> holds: <c>INPUTS.SECRETS</c>, two hashes in base64url. INPUTS is over everything in the SopsSecret that decides
/// about its Secrets; SECRETS over name, UID and resourceVersion of each Secret when all were last known to be right. Both can be computed from what
/// the watches show, so a restart needs no key, no plaintext and no request to see that nothing changed.
/// </summary>
internal readonly record struct SopsMark(string Inputs, string Secrets)
{
    /// <summary>To be changed whenever the same input begins to give other Secrets, so that all are made anew once.</summary>
    private const byte Revision = 1;

    private const int HashLength = 16;

    public static SopsMark? TryParse(string? text)
    {
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return dot < 0 ? null : new SopsMark(text![..dot], text[(dot + 1)..]);
    }

    /// <param name="source">As cached.</param>
    /// <param name="settings">Of the controller, those that decide whether the object is opened.</param>
    public static string HashInputs(SopsSecret source, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Revision]);
        Append(hash, settings);
        Append(hash, source.Metadata.Namespace);
        Append(hash, source.Metadata.Name);
        Append(hash, source.Metadata.Uid);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(source.Spec, ApiJson.Compact.SopsSecretSpec));
        Append(hash, source.Sops?.GetRawText());
        return Finish(hash);
    }

    public static string HashSecrets(IEnumerable<PartialObjectMetadata> secrets) => HashSecrets(secrets.Select(secret => (secret.Key.Name, secret.Uid, secret.ResourceVersion)));

    public static string HashSecrets(IEnumerable<Secret> secrets) => HashSecrets(secrets.Select(secret => (secret.Metadata.Name ?? "", secret.Metadata.Uid, secret.Metadata.ResourceVersion)));

    public override string ToString() => $"{Inputs}.{Secrets}";

    private static string HashSecrets(IEnumerable<(string Name, string? Uid, string? Version)> secrets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, uid, version) in secrets.OrderBy(secret => secret.Name, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, uid);
            Append(hash, version);
        }
        return Finish(hash);
    }

    private static string Finish(IncrementalHash hash) => Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, HashLength));

    // No name or UID contains a NUL, so no two lists of texts run together to the same bytes.
    private static void Append(IncrementalHash hash, string? text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text ?? ""));
        hash.AppendData([0]);
    }
}
