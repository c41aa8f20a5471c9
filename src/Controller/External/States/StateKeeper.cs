using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.States;

/// <summary>
/// Writes down what generators left behind, one GeneratorState each, before anybody gets the values; so what is lost half-way can be taken back. What is
/// replaced is given a deadline, and <see cref="StateReconciler"/> does the rest.
/// </summary>
internal sealed class StateKeeper(KubeClient kube, StateCaches caches, GeneratorRunner generators, TimeSpan gracePeriod, TimeProvider time)
{
    /// <summary>For one pass over one object; to be disposed at its end.</summary>
    public StateScope For(string apiVersion, string kind, ObjectMeta owner) => new(this, new OwnerReference
    {
        ApiVersion = apiVersion,
        Kind = kind,
        Name = owner.Name ?? "",
        Uid = owner.Uid ?? "",
    }, owner.Namespace ?? "");

    internal Task<GeneratorState> CreateAsync(GeneratedState generated, OwnerReference owner, string ns, CancellationToken cancellationToken) =>
        kube.CreateAsync(ExternalKinds.GeneratorStates, Draft(generated, owner, ns), cancellationToken);

    /// <summary>What could not be written down must not be left: as far as it can.</summary>
    internal async Task TakeBackAsync(GeneratedState generated, string ns)
    {
        try
        {
            await generators.CleanUpAsync(generated.Resource, generated.State, ns, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A mistake must not keep the other states from being taken back.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The failure that led here is the one to be told.
        }
    }

    /// <summary>Those of the owner that have no deadline yet and are none of these.</summary>
    internal IEnumerable<GeneratorState> OlderThan(IReadOnlyCollection<GeneratorState> current, OwnerReference owner) => caches.OwnedBy(owner.Uid)
        .Where(state => state.Spec.GarbageCollectionDeadline is null && state.Metadata.DeletionTimestamp is null && current.All(other => other.Metadata.Uid != state.Metadata.Uid));

    /// <summary>Whoever still has the old values gets a while to take the new ones.</summary>
    internal Task ExpireAsync(GeneratorState state, CancellationToken cancellationToken) => IfThereAsync(kube.PatchAsync(
        ExternalKinds.GeneratorStates,
        ExternalKinds.GeneratorStates.Key(state),
        new() { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["garbageCollectionDeadline"] = ExternalStatus.Format(time.GetUtcNow() + gracePeriod) } },
        cancellationToken));

    /// <summary>Nobody has the values: they go at once.</summary>
    internal Task DropAsync(GeneratorState state, CancellationToken cancellationToken) => IfThereAsync(
        kube.DeleteAsync(ExternalKinds.GeneratorStates.Resource, ExternalKinds.GeneratorStates.Key(state), new DeletePreconditions(state.Metadata.Uid), cancellationToken));

    /// <summary>The API server makes up names from <c>generateName</c>; ours are made up here, so that a repeated request cannot make two.</summary>
    private static GeneratorState Draft(GeneratedState generated, OwnerReference owner, string ns) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = NameOf(generated.Reference),
            Namespace = ns,
            Labels = new(StringComparer.Ordinal) { [ExternalSecretNames.GeneratorStateOwnerLabel] = ObjectHash.Of($"{owner.Kind}/{ns}/{owner.Name}") },
            Finalizers = [ExternalSecretNames.GeneratorStateFinalizer],
            OwnerReferences = [owner],
        },
        Spec = new GeneratorStateSpec { Resource = generated.Resource, State = generated.State },
    };

    private static string NameOf(GeneratorRef reference)
    {
        const int Longest = 240;
#pragma warning disable CA1308 // Names of objects are lower case.
        var start = $"gen-{reference.Kind.ToLowerInvariant()}-{reference.Name}";
#pragma warning restore CA1308
        var text = new StringBuilder(start.Length <= Longest ? start : start[..Longest]);
        return text.Append('-').Append(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))).ToString();
    }

    private static async Task IfThereAsync(Task request)
    {
        try
        {
            await request.ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // Somebody was quicker.
        }
    }
}
