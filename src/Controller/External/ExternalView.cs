using System.Globalization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>One ExternalSecret, its target and what both depend on, as the watches show them at this moment; nothing here changes afterwards.</summary>
/// <param name="Source">Never modified.</param>
/// <param name="SecretHash">Of the target's UID and version; null when there is none.</param>
/// <param name="Inputs">Hash over the versions of what the Secret is made from besides the ExternalSecret.</param>
/// <param name="Generators">Hash over the editions of the generators that it names; empty when there are none, or one of them is not known.</param>
/// <param name="Last">The last successful pass, by this process or, before a restart, by its predecessor.</param>
/// <param name="Demand">Since when newer values are wanted, whatever the interval says.</param>
/// <param name="News">Since when one of its values is said to be another.</param>
internal sealed record ExternalView(NamespacedName Key, ExternalSecret Source, string? SecretHash, string Inputs, string Generators, LastSync? Last, DateTimeOffset? Demand, DateTimeOffset? News)
{
    public NamespacedName Target => new(Key.Namespace, Source.TargetName);

    public bool IsBeingDeleted => Source.Metadata.DeletionTimestamp is not null;

    public string CreationPolicy => Source.Spec.Target?.EffectiveCreationPolicy ?? Api.ExternalSecrets.CreationPolicy.Owner;

    public string DeletionPolicy => Source.Spec.Target?.EffectiveDeletionPolicy ?? Api.ExternalSecrets.DeletionPolicy.Retain;

    /// <summary>Whether its target is no Secret. A manifest that says Secret says nothing new.</summary>
    public bool IsGeneric => IsOfAnotherKind(Source);

    /// <summary>Whether nothing is due but to put right what was touched.</summary>
    public bool IsMending { get; init; }

    /// <summary>Since when the object is there, if it came while this process watched, or before.</summary>
    public DateTimeOffset? Appeared { get; init; }

    /// <summary>For how long a refresh that was due, and failed, is not tried again.</summary>
    public TimeSpan LeftAlone { get; init; }

    /// <summary>When its target was last seen to go.</summary>
    public DateTimeOffset? Lost { get; init; }

    /// <summary>The target that is no Secret, once it was looked at.</summary>
    public ManifestTarget? Manifest { get; init; }

    public static bool IsOfAnotherKind(ExternalSecret source) => source.Spec.Target?.Manifest is not (null or { ApiVersion: Secret.SecretApiVersion, Kind: Secret.SecretKind });

    /// <summary><c>status.syncedResourceVersion</c> of the object as it is now: every label and annotation counts.</summary>
    public string Version => VersionOf(Source);

    public TimeSpan Interval => IntervalOf(Source);

    public static TimeSpan IntervalOf(ExternalSecret source) => RefreshSchedule.Bounded(source.Spec.RefreshInterval?.Value ?? RefreshSchedule.DefaultInterval);

    public static string VersionOf(ExternalSecret source) => VersionOf(source.Metadata);

    public static string VersionOf(ObjectMeta metadata) =>
        string.Create(CultureInfo.InvariantCulture, $"{metadata.Generation ?? 0}-{ObjectHash.OfMetadata(metadata.Annotations, metadata.Labels)}");

    /// <summary>What it is made from besides itself is known to be another than last time.</summary>
    public bool InputsChanged => Last is { Mark.Inputs.Length: > 0 } last && last.Mark.Inputs != Inputs;

    /// <summary>A generator that made its values is known to say another thing than it did then. Values that are to be made once only stay.</summary>
    public bool GeneratorsChanged => !IsPinned && Generators.Length > 0 && Last is { Mark.Generators.Length: > 0 } last && last.Mark.Generators != Generators;

    /// <summary>Whether a generator makes some of its values: fetched again, they are others.</summary>
    public bool IsGenerated => ExternalCaches.GeneratorsOf(Source).Any();

    private bool IsPinned => Source.Spec.RefreshPolicy == RefreshSchedule.CreatedOnce || (Source.Spec.RefreshPolicy != RefreshSchedule.OnChange && Interval <= TimeSpan.Zero);

    /// <summary>The target is as it was when it was last right.</summary>
    public bool SecretIsUntouched => Last?.Mark.Secret == (SecretHash ?? ExternalMark.NoSecret);
}
