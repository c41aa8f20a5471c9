using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// The keys that a service signs with, from its JSON Web Key Set. They are asked for when they are an hour old, or when one is named that is not known; but however many tokens name
/// whatever they like, once a minute at most.
/// </summary>
internal sealed class SigningCertificates(Uri address, IProviderHttp http, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>What cannot be asked for anew is good for so long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private const int MostKeys = 32;
    private const int ShortestModulus = 256;

    private readonly HttpClient client = http.Create(new HttpSettings { Timeout = TimeSpan.FromSeconds(10) });
    private readonly SemaphoreSlim asking = new(1, 1);
    private Dictionary<string, RSAParameters> keys = [];
    private DateTimeOffset? fetchedAt;
    private DateTimeOffset? askedAt;

    /// <returns>null when the service has no such key.</returns>
    /// <exception cref="AnnouncementException">It cannot be asked.</exception>
    public async Task<RSAParameters?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            var isKnown = keys.TryGetValue(id, out var key);
            if (isKnown && now - fetchedAt < Lifetime) return key;
            if (askedAt is { } last && (now - last).Duration() < Pause) return Known(isKnown, key, now);
            askedAt = now;
            try
            {
                keys = await FetchAsync(cancellationToken).ConfigureAwait(false);
                fetchedAt = now;
            }
            catch (AnnouncementException) when (isKnown && now - fetchedAt < Longest)
            {
                return key;
            }
            return keys.TryGetValue(id, out var found) ? found : null;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        asking.Dispose();
    }

    /// <summary>Just asked: an answer that there was is believed, and where there was none it is not known who is genuine.</summary>
    private RSAParameters? Known(bool isKnown, RSAParameters key, DateTimeOffset now)
    {
        if (isKnown && now - fetchedAt < Longest) return key;
        return fetchedAt is not null && now - fetchedAt < Lifetime ? null : throw new AnnouncementException($"{address} gave no keys a moment ago");
    }

    private async Task<Dictionary<string, RSAParameters>> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) throw new AnnouncementException(string.Create(CultureInfo.InvariantCulture, $"{address} answered {(int)answer.StatusCode}"));
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return Read(document.RootElement);
        }
        catch (Exception failure) when (failure is ProviderException or HttpRequestException or JsonException)
        {
            throw new AnnouncementException($"{address} gives no keys ({failure.GetType().Name})");
        }
    }

    private static Dictionary<string, RSAParameters> Read(JsonElement root)
    {
        var read = new Dictionary<string, RSAParameters>(StringComparer.Ordinal);
        if (JsonMembers.Member(root, "keys") is not { ValueKind: JsonValueKind.Array } list) return read;
        foreach (var item in list.EnumerateArray().Take(MostKeys))
        {
            if (JsonMembers.Text(item, "kty") != "RSA" || JsonMembers.Text(item, "kid") is not { Length: > 0 } id) continue;
            if (Number(item, "n") is { Length: >= ShortestModulus } modulus && Number(item, "e") is { Length: > 0 } exponent) read[id] = new RSAParameters { Modulus = modulus, Exponent = exponent };
        }
        return read;
    }

    private static byte[]? Number(JsonElement item, string name)
    {
        try
        {
            return JsonMembers.Text(item, name) is { } text ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
