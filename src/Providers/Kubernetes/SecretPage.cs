using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>A part of a list of Secrets.</summary>
internal sealed record SecretPage
{
    public Continuation? Metadata { get; init; }

    public IReadOnlyList<Secret>? Items { get; init; }

    /// <summary>Where the next part begins; empty after the last.</summary>
    internal sealed record Continuation
    {
        public string? Continue { get; init; }
    }
}
