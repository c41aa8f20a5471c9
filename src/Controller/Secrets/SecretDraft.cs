using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>A Secret as its source wants it, before anybody has looked at the one in the cluster. Holds plaintext that its maker zeroes.</summary>
/// <param name="secret">Name, namespace, labels, annotations, owner references, type, immutability and items.</param>
/// <param name="ownerUid">UID of the object that this Secret is made from.</param>
/// <param name="ownerKind">Its kind, for messages.</param>
internal sealed class SecretDraft(Secret secret, string ownerUid, string ownerKind)
{
    private static readonly HashSet<string> NothingReserved = [];

    public Secret Secret { get; } = secret;

    public string OwnerUid { get; } = ownerUid;

    public string OwnerKind { get; } = ownerKind;

    /// <summary>An annotation by which an existing Secret says that it may be overwritten.</summary>
    public string ManagedAnnotation { get; init; } = SealedSecretAnnotations.Managed;

    /// <summary>The source asks to take over whatever has the name.</summary>
    public bool TakesOver { get; init; }

    /// <summary>Secrets that the controller keeps for itself, as <c>NAMESPACE/NAME</c>, besides those with the label of a sealing key.</summary>
    public IReadOnlySet<string> Reserved { get; init; } = NothingReserved;

    /// <summary>Whether the Secret is to carry the reference that makes it ours; without it, other evidence has to do.</summary>
    public bool ClaimsOwnership => Secret.Metadata.OwnerReferences?.Any(reference => reference.Controller == true && reference.Uid == OwnerUid) == true;

    public override string ToString() => Secret.ToString();
}
