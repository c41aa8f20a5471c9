using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Org.BouncyCastle.Crypto.Digests;

namespace GitOpsSecrets.Providers.Tests.Webhook;

/// <summary>The server's side of NTLM over HTTP (MS-NTHT, MS-NLMP 3.3.2): who proves to know the password by NTLMv2, on the connection that was challenged, gets the answer.</summary>
internal sealed class NtlmServer(string domain, string user, string password) : IAsyncDisposable
{
    private const string Scheme = "NTLM ";
    private const uint TargetIsDomain = 0x10000;
    private const uint HasTargetInfo = 0x800000;

    private readonly ConcurrentDictionary<string, byte[]> challenges = new();
    private LoopbackServer server = null!;

    public Uri Address => server.Address;

    public static async Task<NtlmServer> StartAsync(string domain, string user, string password, X509Certificate2? certificate = null)
    {
        var ntlm = new NtlmServer(domain, user, password);
        ntlm.server = await LoopbackServer.StartAsync(ntlm.AnswerAsync, certificate);
        return ntlm;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        if (given.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var message = Convert.FromBase64String(given[Scheme.Length..]);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(8)))
            {
                case 1:
                    var challenge = challenges[context.Connection.Id] = RandomNumberGenerator.GetBytes(8);
                    return Refuse(context, Scheme + Convert.ToBase64String(Challenge(BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(12)), challenge)));
                case 3 when challenges.TryRemove(context.Connection.Id, out var asked) && Proves(message, asked):
                    return context.Response.WriteAsync("let in");
            }
        }
        return Refuse(context, "NTLM");
    }

    private static Task Refuse(HttpContext context, string challenge)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = challenge;
        return Task.CompletedTask;
    }

    private byte[] Challenge(uint flags, byte[] challenge)
    {
        const int Header = 56;
        var target = Encoding.Unicode.GetBytes(domain);
        // NetBIOS and DNS names of the domain and of the server, and the end.
        byte[] info = [.. Pair(2, target), .. Pair(1, target), .. Pair(4, target), .. Pair(3, target), .. Pair(0, [])];
        var message = new byte[Header + target.Length + info.Length];
        "NTLMSSP\0"u8.CopyTo(message);
        message[8] = 2;
        Field(message.AsSpan(12), target.Length, Header);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(20), flags | TargetIsDomain | HasTargetInfo);
        challenge.CopyTo(message, 24);
        Field(message.AsSpan(40), info.Length, Header + target.Length);
        (message[48], message[49], message[55]) = (10, 0, 15); // version
        target.CopyTo(message, Header);
        info.CopyTo(message, Header + target.Length);
        return message;
    }

    /// <summary>MS-NLMP 3.3.2: the first 16 bytes of the response are a keyed hash of the challenge and of the rest.</summary>
    private bool Proves(byte[] message, byte[] challenge)
    {
        var response = Payload(message, 20);
        if (response.Length < 24 || Encoding.Unicode.GetString(Payload(message, 28)) != domain || Encoding.Unicode.GetString(Payload(message, 36)) != user) return false;
        var key = Keyed(Md4(Encoding.Unicode.GetBytes(password)), Encoding.Unicode.GetBytes(user.ToUpperInvariant() + domain));
        return CryptographicOperations.FixedTimeEquals(Keyed(key, [.. challenge, .. response[16..]]), response.AsSpan(0, 16));
    }

#pragma warning disable CA5351 // It is what the protocol uses.
    private static byte[] Keyed(byte[] key, byte[] data) => HMACMD5.HashData(key, data);
#pragma warning restore CA5351

    private static byte[] Md4(byte[] data)
    {
        var digest = new MD4Digest();
        digest.BlockUpdate(data, 0, data.Length);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash, 0);
        return hash;
    }

    private static byte[] Pair(byte id, byte[] value) => [id, 0, (byte)value.Length, 0, .. value];

    private static void Field(Span<byte> at, int length, int offset)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)length);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], offset);
    }

    private static byte[] Payload(byte[] message, int field) =>
        message.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(field + 4)), BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(field))).ToArray();
}
