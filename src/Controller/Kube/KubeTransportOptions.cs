namespace GitOpsSecrets.Controller.Kube;

/// <summary>How requests are sent.</summary>
internal sealed record KubeTransportOptions
{
    /// <summary>Average requests a second; negative: no limit.</summary>
    public double QueriesPerSecond { get; init; } = 5;

    /// <summary>Requests at once.</summary>
    public int Burst { get; init; } = 10;

    /// <summary>How long one attempt may take, its body included; watches are exempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts of one request that the server answers with <c>Retry-After</c>.</summary>
    public int Attempts { get; init; } = 10;

    /// <summary>The longest <c>Retry-After</c> that is waited for; a longer one fails the request, whose caller backs off.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(30);
}
