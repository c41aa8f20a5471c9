using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// Objects as files and plaintexts bring them may lack metadata or spec (<c>{}</c> is valid JSON), and deserialising leaves <c>null</c>
/// there whatever the type says. Absent means empty.
/// </summary>
internal static class WholeObject
{
    public static SealedSecret Of(SealedSecret sealedSecret) => sealedSecret is { Metadata: not null, Spec: not null }
        ? sealedSecret
        : sealedSecret with { Metadata = sealedSecret.Metadata ?? new ObjectMeta(), Spec = sealedSecret.Spec ?? new SealedSecretSpec() };

    public static Secret Of(Secret secret) => secret.Metadata is not null ? secret : secret with { Metadata = new ObjectMeta() };
}
