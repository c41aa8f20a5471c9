namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary>Why values are fetched.</summary>
internal enum RefreshReason
{
    /// <summary>They are not: what was synced is good.</summary>
    None,

    /// <summary>Nothing was ever synced.</summary>
    First,

    /// <summary>The object is new, and was given values that were asked for just before it came.</summary>
    Early,

    /// <summary>The object was edited, or somebody asked by annotation: only what is fetched from now on will do.</summary>
    Changed,

    /// <summary>A store, its credentials, a template or a generator was changed.</summary>
    Depends,

    /// <summary>A service said that one of the values is another now.</summary>
    Told,

    /// <summary>What a generator made stops to work soon.</summary>
    Ending,

    /// <summary>The interval is over.</summary>
    Due,
}
