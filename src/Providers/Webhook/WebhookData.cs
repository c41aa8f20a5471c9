using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>
/// What the templates of one request see: <c>.remoteRef</c>, and each secret of the store under its name. In the URL the parts of
/// <c>.remoteRef</c> are escaped for queries, elsewhere they are as they are; secrets are never escaped, as in the original.
/// </summary>
internal sealed class WebhookData(IReadOnlyList<(string Name, ClusterSecret Secret)> secrets) : IDisposable
{
    private const string RemoteRef = "remoteRef";
    private readonly List<(string Name, byte[] Value, bool IsVerbatim, bool IsSecret)> reference = [];

    /// <summary>A member of <c>.remoteRef</c>; null is an empty one.</summary>
    public void Add(string name, string? value) => reference.Add((name, Encoding.UTF8.GetBytes(value ?? ""), false, false));

    /// <summary>A member of <c>.remoteRef</c> that is secret.</summary>
    /// <param name="value">Taken over.</param>
    public void Add(string name, byte[] value) => reference.Add((name, value, false, true));

    /// <summary>One that is no part of the reference, and needs no escaping.</summary>
    public void AddVerbatim(string name, string value) => reference.Add((name, Encoding.UTF8.GetBytes(value), true, false));

    /// <param name="withSecrets">Without them a template shows what it makes of the rest.</param>
    public GoMap ForUrl(bool withSecrets = true) => Map(isUrl: true, withSecrets);

    /// <inheritdoc cref="ForUrl"/>
    public GoMap AsIs(bool withSecrets = true) => Map(isUrl: false, withSecrets);

    public void Dispose()
    {
        foreach (var (_, value, _, _) in reference) CryptographicOperations.ZeroMemory(value);
    }

    /// <summary>Made anew for each template: a template can change the maps that it is given.</summary>
    private GoMap Map(bool isUrl, bool withSecrets)
    {
        var entries = new Dictionary<GoString, GoValue>
        {
            [GoString.Of(RemoteRef)] = GoMap.OfSecrets(reference.Where(member => withSecrets || !member.IsSecret).Select(member => KeyValuePair.Create(member.Name, isUrl && !member.IsVerbatim ? Escape(member) : member.Value))),
        };
        foreach (var named in secrets.Where(_ => withSecrets).GroupBy(secret => secret.Name, secret => secret.Secret, StringComparer.Ordinal))
        {
            var map = GoMap.OfSecrets(named.SelectMany(secret => secret.Values.Entries));
            if (!entries.TryAdd(GoString.Of(named.Key), map))
            {
                foreach (var (key, value) in map.Entries) ((GoMap)entries[GoString.Of(named.Key)]).Entries[key] = value;
            }
        }

        return new GoMap(GoType.StringMapMap, entries);
    }

    /// <summary>As Go's <c>url.QueryEscape</c>: a space becomes a plus.</summary>
    private static byte[] Escape((string Name, byte[] Value, bool IsVerbatim, bool IsSecret) member)
    {
        // Escaping leaves dots as they are, and these two would be taken for steps through the path.
        if (member.Value.AsSpan().SequenceEqual("."u8) || member.Value.AsSpan().SequenceEqual(".."u8))
            throw new ProviderException(ProviderFailureKind.Invalid, $"remoteRef.{member.Name} must not be made of dots alone");
        var escaped = new List<byte>(member.Value.Length);
        foreach (var one in member.Value)
        {
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~') escaped.Add(one);
            else if (one == (byte)' ') escaped.Add((byte)'+');
            else escaped.AddRange(Encoding.ASCII.GetBytes($"%{one:X2}"));
        }

        return [.. escaped];
    }
}
