using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What an <see cref="Informer{T}"/> follows, and how.</summary>
internal sealed record InformerOptions<T>
    where T : class
{
    public ListQuery Query { get; init; } = ListQuery.Everything;

    /// <summary>Takes off what the cache need not hold (<c>managedFields</c>, say) before an object is kept.</summary>
    public Func<T, T>? Trim { get; init; }

    /// <summary>What to do about a list that is refused, for the log.</summary>
    public string Remedy { get; init; } = "grant its service account get, list and watch on them there, and install their definition";

    /// <summary>Spreads reconnects and retries; in [0, 1).</summary>
    public Func<double> Jitter { get; init; } = Chance.Next;

    /// <summary>The server ends watches after this to twice this.</summary>
    public TimeSpan ServerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Silence after which the connection is taken for dead. Servers send a bookmark about once a minute, but old ones not before
    /// the first change; a needless reconnect costs one request.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest wait between tries: also how late a kind is noticed whose CRD is installed after the controller.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(30);
}
