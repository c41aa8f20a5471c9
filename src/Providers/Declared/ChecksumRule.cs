using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// Of a store that never gives a value out: the SHA-256 of what is pushed stands beside it, in a JSON object, so that an equal value is not written again. Pure.
/// </summary>
/// <param name="Variable">Holds the object as the user gave it, or nothing; the checksum is added to it.</param>
/// <param name="Member">The name under which the checksum is added.</param>
internal sealed record ChecksumRule(string Variable, string Member)
{
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: what the user gave is no object.</exception>
    public void Add(Variables to, ReadOnlySpan<byte> value)
    {
        var given = to.Find(Variable) is { Length: > 0 } text ? JsonTree.Parse(text) as JsonObject : [];
        if (given is null) throw new ProviderException(ProviderFailureKind.Invalid, $"\"{Variable}\" must be an object");
        given[Member] = Convert.ToHexStringLower(SHA256.HashData(value));
        to.Set(Variable, given.ToJsonString());
    }
}
