namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>What has to hold with every provider when its store, or the way to it, is in trouble (docs/design/0036-trouble-with-every-provider.md).</summary>
public enum TroubleFact
{
    /// <summary>An hour without an answer: Secrets stay, conditions say since when, the store is asked now and then, and nobody rushes it when it is back.</summary>
    Outage,

    /// <summary><c>Retry-After</c> is kept by all users of the store.</summary>
    Throttling,

    /// <summary>A login that ended is replaced by the one that is in the Secret now, without a restart.</summary>
    Rotation,

    /// <summary>An answer that trickles is given up in time.</summary>
    Trickle,

    /// <summary>A certificate of an authority that nobody trusts.</summary>
    Stranger,

    /// <summary>An answer that is larger than one may be.</summary>
    Size,

    /// <summary>A redirect to another host is not followed.</summary>
    Redirect,

    /// <summary>The way goes through the proxy, and no way around it.</summary>
    Proxy,
}
