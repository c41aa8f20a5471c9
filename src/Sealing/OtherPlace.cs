using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>A place an item may have been sealed for instead of the one where it lies, and what to say if so.</summary>
internal sealed record OtherPlace(byte[] Label, ItemFailure Failure)
{
    /// <summary>
    /// The other scopes of the same name and namespace, then the name and namespace in the template: sealing writes the original ones
    /// there, and who renames or moves an object seldom changes them. Likeliest first; four at most.
    /// </summary>
    public static IReadOnlyList<OtherPlace> Candidates(SealedSecret sealedSecret, SealingScope scope)
    {
        var (ns, name) = (sealedSecret.Metadata.Namespace, sealedSecret.Metadata.Name);
        var places = new List<OtherPlace>();
        foreach (var other in Enum.GetValues<SealingScope>())
        {
            if (other == scope) continue;
            var why = $"it is sealed {SealingScopes.Name(other)}, but the annotations of the SealedSecret say {SealingScopes.Name(scope)}";
            places.Add(Of(UnsealFailureKind.WrongScope, other, ns, name, why));
        }
        var template = sealedSecret.Spec.Template?.Metadata;
        var (oldNs, oldName) = (template?.Namespace ?? ns, template?.Name ?? name);
        var moved = scope != SealingScope.ClusterWide && oldNs != ns;
        if (moved || (oldName != name && scope == SealingScope.Strict))
        {
            var place = scope == SealingScope.NamespaceWide ? $"namespace {oldNs}" : $"{oldNs}/{oldName}";
            places.Insert(0, Of(UnsealFailureKind.WrongName, scope, oldNs, oldName, $"it is sealed for {place}"));
        }
        return places;
    }

    private static OtherPlace Of(UnsealFailureKind kind, SealingScope scope, string? ns, string? name, string why) =>
        new(SealingScopes.Label(scope, ns, name), new ItemFailure(kind, ItemFailure.NoKeyText, why));
}
