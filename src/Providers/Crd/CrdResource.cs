namespace GitOpsSecrets.Providers.Crd;

/// <summary>How an API server calls a kind in its paths.</summary>
/// <param name="Plural">Such as <c>configmaps</c>.</param>
internal sealed record CrdResource(string Plural, bool IsNamespaced);
