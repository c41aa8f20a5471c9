using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What one cluster-wide object wants in the namespaces.</summary>
/// <param name="Owner">Its name.</param>
/// <param name="Name">Of the object in each of them.</param>
/// <param name="Namespaces">Those that it chose, sorted.</param>
/// <param name="Made">All that it made so far, wanted or not.</param>
/// <param name="Next">What has to be there, without a status: the very same object when nothing has to change.</param>
internal sealed record Provision<T>(string Owner, string Name, IReadOnlyList<string> Namespaces, IReadOnlyList<T> Made, Func<NamespacedName, T?, T> Next)
    where T : class;
