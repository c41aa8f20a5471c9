using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>What is fetched, from where, how often, and what it becomes.</summary>
public sealed record ExternalSecretSpec
{
    /// <summary>The interval where none is given.</summary>
    public static TimeSpan DefaultRefreshInterval => TimeSpan.FromHours(1);

    /// <summary>The store of all entries that name none of their own.</summary>
    public SecretStoreRef? SecretStoreRef { get; init; }

    /// <summary>What is written. By default a Secret with the name of the ExternalSecret, which owns it.</summary>
    [Schema(Nullable = true)]
    public ExternalSecretTarget? Target { get; init; }

    /// <summary>When values are fetched again: CreatedOnce (never), Periodic (the default) or OnChange (of this object).</summary>
    [Values(ExternalSecrets.RefreshPolicy.CreatedOnce, ExternalSecrets.RefreshPolicy.Periodic, ExternalSecrets.RefreshPolicy.OnChange)]
    public string? RefreshPolicy { get; init; }

    /// <summary>How often values are fetched again, such as 1h30m; 1h by default, 0 for never.</summary>
    [Schema(Nullable = true)]
    public GoDuration? RefreshInterval { get; init; }

    /// <summary>Times at which periodic refreshes happen, or do not.</summary>
    public SyncWindows? SyncWindows { get; init; }

    /// <summary>Single values, each under a key of its own. They win over dataFrom.</summary>
    public IReadOnlyList<ExternalSecretData>? Data { get; init; }

    /// <summary>Whole sets of keys and values; later ones win.</summary>
    public IReadOnlyList<DataFrom>? DataFrom { get; init; }

    [JsonIgnore]
    public string EffectiveRefreshPolicy => string.IsNullOrEmpty(RefreshPolicy) ? ExternalSecrets.RefreshPolicy.Periodic : RefreshPolicy;
}
