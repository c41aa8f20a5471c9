using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// What <c>status.observedHash</c> holds: <c>INPUTS.SECRET</c>, two hashes in base64url, <c>.GENERATORS</c> where there are some, and <c>.TARGET</c> where it is no Secret. INPUTS is over the versions of
/// all that the Secret was made from besides the ExternalSecret itself and the provider's values (stores, templates); SECRET over the UID and resourceVersion that the
/// Secret had when it was last known to be right; GENERATORS over the editions of the generators, apart from the rest, since what is not known of them must not count
/// as a change: that would cost a password. TARGET is no hash but what was written (<see cref="TargetName"/>): when another is wanted, that one has to go. So a restart needs no request to see that nothing changed.
/// </summary>
internal readonly record struct ExternalMark(string Inputs, string Secret, string Generators = "", string Target = "")
{
    private const int HashLength = 12;

    /// <summary>There is no Secret, and there need not be one.</summary>
    public const string NoSecret = "-";

    public static ExternalMark? TryParse(string? text)
    {
        var parts = text?.Split('.') ?? [];
        return parts.Length < 2 ? null : new ExternalMark(parts[0], parts[1], parts.Length > 2 ? parts[2] : "", parts.Length > 3 ? parts[3] : "");
    }

    public static string TargetName(TargetManifest manifest, string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{manifest.ApiVersion} {manifest.Kind} {name}"));

    /// <summary>The target, if it is no Secret; null otherwise, and when the text is not ours.</summary>
    public (TargetManifest Manifest, string Name)? Manifest()
    {
        if (Target.Length == 0 || !Base64Url.IsValid(Target)) return null;
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Target)).Split(' ') is [var apiVersion, var kind, var name] ? (new TargetManifest { ApiVersion = apiVersion, Kind = kind }, name) : null;
    }

    public static string HashSecret(string? uid, string? resourceVersion) => Hash([uid, resourceVersion]);

    public static string Hash(IEnumerable<string?> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
        return Base64Url.EncodeToString(hash.AsSpan(0, HashLength));
    }

    /// <returns>Empty when there are no generators, or one of them is not known.</returns>
    public static string HashGenerators(IReadOnlyList<UsedGenerator> used) =>
        used.Count == 0 || used.Any(generator => generator.Generation is null) ? "" : Hash(used.Select(generator => $"{generator.Reference.Kind} {generator.Reference.Name} {generator.Generation}"));

    public override string ToString() => this switch
    {
        { Target.Length: > 0 } => $"{Inputs}.{Secret}.{Generators}.{Target}",
        { Generators.Length: > 0 } => $"{Inputs}.{Secret}.{Generators}",
        _ => $"{Inputs}.{Secret}",
    };
}
