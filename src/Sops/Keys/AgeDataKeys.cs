using System.Text;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops.Keys;

/// <summary>Data keys wrapped with age: each copy is an armored age file for one recipient.</summary>
/// <param name="identities">Private keys to open with; may be empty to wrap only.</param>
public sealed class AgeDataKeys(IReadOnlyList<IAgeIdentity> identities) : IDataKeySource
{
    public string Kind => MasterKeyKind.Age;

    public ValueTask<byte[]?> UnwrapAsync(MasterKey key, SopsLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var armored = Encoding.UTF8.GetBytes(key.Wrapped);
            return new(AgeFile.Decrypt(AgeArmor.Decode(armored, limits.AgeOrDefault), identities, limits.AgeOrDefault));
        }
        catch (AgeException failure) when (failure.Failure == AgeFailure.NoMatch)
        {
            return new((byte[]?)null);
        }
        catch (AgeException failure)
        {
            throw new SopsException(SopsFailure.DataKey, $"{key}: {failure.Message}");
        }
    }

    public ValueTask<MasterKey> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, string createdAt, CancellationToken cancellationToken)
    {
        try
        {
            var file = AgeFile.Encrypt(secret.Span, [AgeRecipients.Parse(key.Identifier)]);
            return new(key.With(AgeArmor.Encode(file), createdAt: null));
        }
        catch (AgeException failure)
        {
            throw new SopsException(SopsFailure.NoKey, $"{key}: {failure.Message}");
        }
    }
}
