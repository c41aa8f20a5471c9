using System.Collections.Concurrent;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// The two series that the original has for each object of a kind: its conditions, and how long the last pass over it took. Written when they are asked for, from
/// the cache and a number an object: as many instruments would cost more memory than all else.
/// </summary>
/// <param name="prefix">Such as <c>secretstore</c>.</param>
/// <param name="extended">Whether the recommended labels of the object become labels of its series.</param>
internal sealed class KindMetrics(string prefix, bool extended)
{
    private static readonly string[] Recommended =
    [
        "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/component", "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by",
    ];

    private static readonly string[] Names = [.. Recommended.Select(label => label.Replace('.', '_').Replace('/', '_').Replace('-', '_'))];

    private readonly ConcurrentDictionary<NamespacedName, double> took = new();

    /// <summary>To be told of every pass.</summary>
    public void Observe(WorkObservation observation) => took[observation.Key] = observation.Took.TotalNanoseconds;

    /// <param name="objects">All there are: of others nothing is told any more.</param>
    public async Task WriteAsync(SeriesWriter writer, IReadOnlyCollection<(ObjectMeta Metadata, IEnumerable<Condition>? Conditions)> objects, CancellationToken cancellationToken)
    {
        Prune(objects);
        writer.Head($"{prefix}_reconcile_duration", "gauge", $"How long the last pass over a {prefix} took, in nanoseconds.");
        foreach (var (metadata, _) in objects)
        {
            if (took.TryGetValue(KeyOf(metadata), out var nanoseconds)) await writer.WriteAsync($"{prefix}_reconcile_duration", LabelsOf(metadata), nanoseconds, cancellationToken).ConfigureAwait(false);
        }
        writer.Head($"{prefix}_status_condition", "gauge", $"The status conditions of a {prefix}: 1 for the status that it has, 0 for its contrary.");
        foreach (var (metadata, conditions) in objects)
        {
            foreach (var condition in conditions ?? [])
            {
                foreach (var status in (string[])["True", "False"])
                {
                    await writer.WriteAsync(
                        $"{prefix}_status_condition", [.. LabelsOf(metadata), ("condition", condition.Type), ("status", status)], condition.Status == status ? 1 : 0, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Name and namespace, which a cluster-wide object has none of, and the recommended labels if they are wanted.</summary>
    public IEnumerable<(string Name, string Value)> LabelsOf(ObjectMeta metadata)
    {
        yield return ("name", metadata.Name ?? "");
        yield return ("namespace", metadata.Namespace ?? "");
        if (!extended) yield break;
        for (var i = 0; i < Names.Length; i++) yield return (Names[i], metadata.Labels?.GetValueOrDefault(Recommended[i]) ?? "");
    }

    private static NamespacedName KeyOf(ObjectMeta metadata) => new(metadata.Namespace ?? "", metadata.Name ?? "");

    private void Prune(IReadOnlyCollection<(ObjectMeta Metadata, IEnumerable<Condition>? Conditions)> objects)
    {
        if (took.Count <= objects.Count) return;
        var there = objects.Select(entry => KeyOf(entry.Metadata)).ToHashSet();
        foreach (var key in took.Keys.Where(key => !there.Contains(key))) took.TryRemove(key, out _);
    }
}
