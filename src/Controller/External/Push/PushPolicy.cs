using System.Globalization;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Providers.Rules;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Decides, without touching anything, when something is pushed, what, and what is taken back.</summary>
internal static class PushPolicy
{
    /// <summary>Whether it is to be pushed now: never before, edited, its source or a store changed, or the interval is over.</summary>
    /// <param name="mark">Hash of what it is made from; <paramref name="lastMark"/> is that of the last push, null when nothing remembers it.</param>
    public static bool IsDue(RefreshInputs inputs, string mark, string? lastMark, DateTimeOffset now) =>
        !inputs.WasSynced
        // Also with an interval of zero, unlike an ExternalSecret.
        || inputs.Changed
        || (lastMark is not null && lastMark != mark)
        || RefreshSchedule.Decide(inputs, now, () => true) != RefreshReason.None;

    /// <summary>Stores that the PushSecret names, so far as they are there; the labels are those of the store.</summary>
    public static bool Names(PushSecretStoreRef reference, StoreIdentity store, IReadOnlyDictionary<string, string> labels)
    {
        if (reference.EffectiveKind != store.Kind) return false;
        return reference.LabelSelector is { } selector ? LabelMatch.Matches(selector, labels) : reference.Name == store.Name.Name;
    }

    /// <summary>What goes from one source to one store.</summary>
    /// <param name="keys">The items of the source.</param>
    /// <exception cref="PushException">It is not written so that it could be pushed.</exception>
    public static IReadOnlyList<PushEntry> Plan(
        PushSecretSpec spec, StoreIdentity store, IReadOnlyDictionary<string, string> labels, IReadOnlyCollection<string> keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var entries = (spec.Data ?? []).Select((data, index) => Explicit(data, keys) with { Path = string.Create(CultureInfo.InvariantCulture, $"spec.data[{index}]") }).ToList();
        var named = entries.Where(entry => entry.SecretKey is not null).Select(entry => entry.SecretKey!).ToHashSet(StringComparer.Ordinal);
        var all = spec.DataTo ?? [];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].StoreRef is not { } reference || !Means(reference, store, labels)) continue;
            var place = string.Create(CultureInfo.InvariantCulture, $"dataTo[{i}]");
            entries.AddRange(Expand(all[i], place, keys, named, time, cancellationToken).Select(entry => entry with { Path = "spec." + place }));
        }
        var twice = entries.GroupBy(entry => entry.Place).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? entries : throw new PushException($"duplicate remote key {twice.First().Name}: more than one item would be written there: {Some([.. twice])}; change match or rewrite");
    }

    /// <summary>Which items they are, and where they are asked for; the first two of many.</summary>
    private static string Some(List<PushEntry> entries)
    {
        var (first, second) = (Shown(entries[0]), Shown(entries[1]));
        return entries.Count == 2 ? $"{first} and {second}" : string.Create(CultureInfo.InvariantCulture, $"{first}, {second} and {entries.Count - 2} more");

        static string Shown(PushEntry entry) => $"{entry.SecretKey ?? "several items"} ({entry.Path})";
    }

    /// <summary>
    /// A key <c>a/b</c>, and a property <c>b</c> of the key <c>a</c>, have one name in the status: where both are wanted at one store, what is a property gets one of its own.
    /// </summary>
    /// <exception cref="PushException">Items of two Secrets would go to one place.</exception>
    public static IReadOnlyList<(Store Store, PushedSource From, PushEntry Entry)> Told(IReadOnlyList<(Store Store, PushedSource From, PushEntry Entry)> writes)
    {
        var twice = writes.GroupBy(write => (write.Store.Identity, write.Entry.Place)).FirstOrDefault(same => same.Count() > 1)?.ToList();
        if (twice is [var one, var other, ..])
        {
            throw new PushException($"{PushReasons.SetFailed}: duplicate remote key {one.Entry.Name} at {PushStores.KeyOf(one.Store.Identity)}: Secret {one.From.Name} and Secret {other.From.Name} would both be written there; select one of them, or give their items different names");
        }
        var shared = writes.GroupBy(write => (write.Store.Identity, write.Entry.Name)).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        if (shared.Count == 0) return writes;
        return [.. writes.Select(write => shared.Contains((write.Store.Identity, write.Entry.Name)) && write.Entry.Place.Property is { } property
            ? write with { Entry = write.Entry with { Name = PushEntry.NameAt(write.Entry.Name, $"property {property}") } }
            : write)];
    }

    /// <summary>Places at a store as they are known before there are items; null when some depend on those.</summary>
    public static IReadOnlyList<PushSecretData>? PlacesWithoutItems(PushSecretSpec spec, StoreIdentity store, IReadOnlyDictionary<string, string> labels)
    {
        var bundles = (spec.DataTo ?? []).Where(to => to.StoreRef is { } reference && Means(reference, store, labels)).ToList();
        return bundles.Exists(to => string.IsNullOrEmpty(to.RemoteKey)) ? null : [.. spec.Data ?? [], .. bundles.Select(to => Recorded(to, "", to.RemoteKey!))];
    }

    /// <summary>What lies at stores and is wanted there no more. A property is not, that went into the whole of its key.</summary>
    public static IEnumerable<(string Store, string Name, PushSecretData Data)> Removed(
        SortedDictionary<string, SortedDictionary<string, PushSecretData>>? before, SortedDictionary<string, SortedDictionary<string, PushSecretData>> now) =>
        from store in before ?? []
        let wanted = now.GetValueOrDefault(store.Key)
        from entry in store.Value
        where wanted is null || !(IsAmong(entry.Key, entry.Value, wanted) || IsWithin(entry.Value, wanted))
        select (store.Key, entry.Key, entry.Value);

    /// <summary>Those of them that are to go before anything is written: their removal would take along a property of theirs that is wanted, or they would be forgotten under a name that is given anew.</summary>
    public static IEnumerable<(string Store, string Name, PushSecretData Data)> Displaced(
        SortedDictionary<string, SortedDictionary<string, PushSecretData>>? before, SortedDictionary<string, SortedDictionary<string, PushSecretData>> wanted) =>
        Removed(before, wanted).Where(entry => wanted.TryGetValue(entry.Store, out var there)
            && (there.ContainsKey(entry.Name) || (entry.Name == entry.Data.Match.RemoteRef.RemoteKey && there.Values.Any(other => other.Match.RemoteRef.RemoteKey == entry.Name))));

    private static bool IsAmong(string name, PushSecretData data, SortedDictionary<string, PushSecretData> wanted) =>
        wanted.TryGetValue(name, out var there) && PushEntry.PlaceOf(there) == PushEntry.PlaceOf(data);

    private static bool IsWithin(PushSecretData data, SortedDictionary<string, PushSecretData> wanted) =>
        PushEntry.PlaceOf(data).Property is not null
        && wanted.Values.Any(whole => PushEntry.PlaceOf(whole) == PushEntry.PlaceOf(data) with { Property = null } && whole.Metadata?.GetRawText() == data.Metadata?.GetRawText());

    /// <summary>What of it cannot be read, selectors above all: what an unreadable one does not choose would count as wanted no more. Null when nothing is.</summary>
    public static string? Unreadable(PushSecretSpec spec)
    {
        RuleRefusal[] problems =
        [
            .. DurationRules.Problems(spec.RefreshInterval, "spec.refreshInterval"),
            .. LabelRules.Problems(spec.Selector.Secret?.Selector, "spec.selector.secret.selector"),
            .. spec.SecretStoreRefs.SelectMany((reference, index) => LabelRules.Problems(reference.LabelSelector, $"spec.secretStoreRefs[{index}].labelSelector")),
            .. (spec.DataTo ?? []).SelectMany((to, index) => LabelRules.Problems(to.StoreRef?.LabelSelector, $"spec.dataTo[{index}].storeRef.labelSelector")),
        ];
        return problems.Length == 0 ? null : string.Join("; ", problems.Select(problem => problem.Message));
    }

    /// <summary>What is wrong with the selector; null when nothing is. The definition lets one pass that is for no Secret.</summary>
    public static string? Unselected(PushSecretSpec spec) => spec.Selector is { GeneratorRef: null, Secret: { Name: null or "", Selector: null } } ? "spec.selector.secret needs name or selector" : null;

    /// <summary>The first <c>dataTo</c> that names a store which is none of <c>secretStoreRefs</c>; null when there is none.</summary>
    public static string? Misdirected(PushSecretSpec spec)
    {
        var all = spec.DataTo ?? [];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].StoreRef is not { } wanted || (string.IsNullOrEmpty(wanted.Name) && wanted.LabelSelector is null))
                return string.Create(CultureInfo.InvariantCulture, $"dataTo[{i}]: storeRef must specify either name or labelSelector");
            if (!string.IsNullOrEmpty(wanted.Name) && !spec.SecretStoreRefs.Any(known => known.EffectiveKind == wanted.EffectiveKind && (known.LabelSelector is not null || known.Name == wanted.Name)))
                return NotKnown(i, wanted);
            if (!string.IsNullOrEmpty(all[i].RemoteKey) && all[i].Rewrite is { Count: > 0 })
                return string.Create(CultureInfo.InvariantCulture, $"dataTo[{i}]: remoteKey and rewrite are mutually exclusive: rewrite is only supported in per-key mode (without remoteKey)");
            if (all[i].Rewrite is { } rewrites && rewrites.ToList().FindIndex(rewrite => rewrite.Regexp is null == rewrite.Transform is null) is >= 0 and var at)
                return string.Create(CultureInfo.InvariantCulture, $"dataTo[{i}].rewrite[{at}]: exactly one of regexp or transform must be set");
        }
        return null;
    }

    /// <summary>The first <c>dataTo</c> that is for none of the stores that were found; null when there is none. One whose store is left out on purpose, and is named, is not told.</summary>
    public static string? Unmet(PushSecretSpec spec, IReadOnlyList<(StoreIdentity Store, IReadOnlyDictionary<string, string> Labels)> found)
    {
        var all = spec.DataTo ?? [];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].StoreRef is not { } wanted || found.Any(entry => Means(wanted, entry.Store, entry.Labels))) continue;
            if (!string.IsNullOrEmpty(wanted.Name) && !spec.SecretStoreRefs.Any(known => known.EffectiveKind == wanted.EffectiveKind && known.Name == wanted.Name)) return NotKnown(i, wanted);
            if (string.IsNullOrEmpty(wanted.Name) && found.Count > 0) return string.Create(CultureInfo.InvariantCulture, $"dataTo[{i}]: labelSelector does not match any store in secretStoreRefs");
        }
        return null;
    }

    /// <summary>Whether a <c>dataTo</c> is for the store: here, unlike in <c>secretStoreRefs</c>, a name counts before labels.</summary>
    private static bool Means(PushSecretStoreRef reference, StoreIdentity store, IReadOnlyDictionary<string, string> labels) =>
        string.IsNullOrEmpty(reference.Name) ? Names(reference, store, labels) : reference.EffectiveKind == store.Kind && reference.Name == store.Name.Name;

    private static string NotKnown(int index, PushSecretStoreRef wanted) => string.Create(CultureInfo.InvariantCulture, $"dataTo[{index}]: storeRef {wanted.EffectiveKind} \"{wanted.Name}\" is not in secretStoreRefs");

    private static PushEntry Explicit(PushSecretData data, IReadOnlyCollection<string> keys)
    {
        var isAsItIs = data.ConversionStrategy != ConversionStrategy.ReverseUnicode;
        var converted = isAsItIs ? null : PushKeys.Convert(keys, data.ConversionStrategy);
        if (string.IsNullOrEmpty(data.Match.SecretKey)) return new PushEntry(null, converted, data);
        var isThere = converted?.Any(key => key.To == data.Match.SecretKey) ?? keys.Contains(data.Match.SecretKey);
        return isThere ? new PushEntry(data.Match.SecretKey, converted, data) : throw new PushException($"secret key {data.Match.SecretKey} does not exist");
    }

    private static IEnumerable<PushEntry> Expand(
        PushSecretDataTo to, string place, IReadOnlyCollection<string> keys, HashSet<string> named, TimeProvider time, CancellationToken cancellationToken)
    {
        List<(string From, string To)> matched;
        try
        {
            matched = [.. PushKeys.Convert(keys, to.ConversionStrategy).Where(key => PushKeys.Matches(to.Match?.Regexp, key.To))];
            if (!string.IsNullOrEmpty(to.RemoteKey))
            {
                return matched.Count == 0 ? [] : [new PushEntry(null, matched, Recorded(to, "", to.RemoteKey))];
            }
            return [.. matched.Where(key => !named.Contains(key.To)).Select(key =>
            {
                var remote = PushKeys.Rewrite(key.To, to.Rewrite ?? [], time, cancellationToken);
                if (remote.Length == 0) throw new PushException($"the rewritten name of key {key.To} is empty");
                return new PushEntry(key.To, to.ConversionStrategy == ConversionStrategy.ReverseUnicode ? [key] : null, Recorded(to, key.To, remote));
            })];
        }
        catch (PushException failure)
        {
            throw new PushException($"{place}: {failure.Message}");
        }
    }

    private static PushSecretData Recorded(PushSecretDataTo to, string key, string remote) => new()
    {
        Match = new PushSecretMatch { SecretKey = key.Length == 0 ? null : key, RemoteRef = new PushSecretRemoteRef { RemoteKey = remote } },
        Metadata = to.Metadata,
        ConversionStrategy = to.ConversionStrategy,
    };
}
