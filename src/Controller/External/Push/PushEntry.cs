using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>One value to be pushed to one store.</summary>
/// <param name="SecretKey">The item; null for all of them, as one object.</param>
/// <param name="Keys">Which items of the source there are, and under which names; null for all as they are.</param>
/// <param name="Recorded">As <c>status.syncedPushSecrets</c> remembers it.</param>
internal sealed record PushEntry(string? SecretKey, IReadOnlyList<(string From, string To)>? Keys, PushSecretData Recorded)
{
    /// <summary>Where it stands in the PushSecret, such as <c>spec.data[0]</c>.</summary>
    public string Path { get; init; } = "";

    public RemotePlace Place => PlaceOf(Recorded);

    /// <summary>Its key in <c>status.syncedPushSecrets</c>.</summary>
    public string Name { get; init; } = NameOf(Recorded);

    /// <summary>What messages call it.</summary>
    public string Shown => SecretKey ?? Recorded.Match.RemoteRef.RemoteKey;

    /// <summary>Its key there when it is wanted no more, and something of the same key and property is, elsewhere.</summary>
    public static string NameAt(string name, string location) => $"{name} ({location})";

    public static RemotePlace PlaceOf(PushSecretData data) =>
        new(data.Match.RemoteRef.RemoteKey, string.IsNullOrEmpty(data.Match.RemoteRef.Property) ? null : data.Match.RemoteRef.Property) { Metadata = data.Metadata };

    public static string NameOf(PushSecretData data) =>
        string.IsNullOrEmpty(data.Match.RemoteRef.Property) ? data.Match.RemoteRef.RemoteKey : $"{data.Match.RemoteRef.RemoteKey}/{data.Match.RemoteRef.Property}";
}
