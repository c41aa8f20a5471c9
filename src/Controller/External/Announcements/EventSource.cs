namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Somebody who may tell of changes, with how he writes and how he proves it.</summary>
internal sealed record EventSource(string Name, IEventShape Shape, IProof Proof, IReadOnlyList<string> Namespaces);
