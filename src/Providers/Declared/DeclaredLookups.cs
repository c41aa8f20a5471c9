using System.Text.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Looks for what a push would overwrite, or a deletion remove: the first way of a definition that fits the key.</summary>
internal sealed class DeclaredLookups(Definition definition, DeclaredSteps steps, Variables inputs)
{
    private readonly PushRule push = definition.Push!;

    /// <param name="metadata">The entry's, where something is pushed.</param>
    /// <returns>The caller's to dispose: where nothing is found, what the last way knew.</returns>
    /// <exception cref="ProviderException">The key or the property is none that this store can write, or a call failed.</exception>
    public async Task<FoundPlace> FindAsync(RemotePlace place, string purpose, JsonElement? metadata, CancellationToken cancellationToken)
    {
        CheckPlace(place);
        FoundPlace? last = null;
        try
        {
            foreach (var way in push.Lookups)
            {
                var scope = ScopeOf(place, purpose, metadata);
                if (way.Key?.Match(place.Key, scope) == false || !way.Condition.Holds(scope))
                {
                    scope.Dispose();
                    continue;
                }

                last?.Dispose();
                last = null;
                last = await LookAsync(way, scope, place, cancellationToken).ConfigureAwait(false);
                if (last.Answer is not null || !way.GoesOn) return last;
            }
        }
        catch
        {
            last?.Dispose();
            throw;
        }

        return last ?? throw new ProviderException(ProviderFailureKind.Invalid, $"remoteKey \"{place.Key}\" is not of a form that {definition.Title} can write{(definition.KeyHint is { } hint ? ": " + hint : "")}");
    }

    private void CheckPlace(RemotePlace place)
    {
        if (place.Key.Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "remote key must be defined");
        if (string.IsNullOrEmpty(place.Property)) return;
        if (!push.UsesProperty) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} keeps one value a key: property \"{place.Property}\" cannot be pushed");
        if (push.Properties?.Contains(place.Property) == false) throw new ProviderException(ProviderFailureKind.Invalid, $"property \"{place.Property}\" of {definition.Title} cannot be pushed, only {string.Join(", ", push.Properties)}");
    }

    private Variables ScopeOf(RemotePlace place, string purpose, JsonElement? metadata)
    {
        var scope = new Variables(inputs);
        scope.Set("ref.key", place.Key);
        scope.Set("ref.property", place.Property);
        scope.Set(PushRule.Purpose, purpose);
        foreach (var (name, path) in push.Metadata) scope.Set(name, metadata is { ValueKind: JsonValueKind.Object } given ? StoreFields.TextOrObject(given, path) : null);
        return scope;
    }

    /// <param name="scope">Taken over.</param>
    private async Task<FoundPlace> LookAsync(LookupRule way, Variables scope, RemotePlace place, CancellationToken cancellationToken)
    {
        FoundPlace? found = null;
        try
        {
            foreach (var give in way.Gives.Where(give => give.Text.IsComplete(scope))) scope.Set(give.Name, give.Text.Text(scope));
            if (way.Before.Count > 0)
            {
                using var before = await steps.RunAsync(way.Before, scope, cancellationToken).ConfigureAwait(false);
                if (before is null) return new FoundPlace(scope, null, null);
            }

            if (way.Each is null) return new FoundPlace(scope, null, await steps.RunAsync(way.Steps, scope, cancellationToken).ConfigureAwait(false));
            foreach (var inner in EachRule.Scopes(way.Each, scope))
            {
                var answer = await RunAsync(way, inner, cancellationToken).ConfigureAwait(false);
                if (answer is null) continue;
                if (found is not null)
                {
                    answer.Dispose();
                    inner.Dispose();
                    throw new ProviderException(ProviderFailureKind.Conflict, $"{definition.Title} has more than one \"{place.Key}\", and which is meant cannot be told: name it by its id");
                }

                found = new FoundPlace(inner, scope, answer);
                if (!way.IsOnly) break;
            }

            return found ?? new FoundPlace(scope, null, null);
        }
        catch
        {
            found?.Dispose();
            scope.Dispose();
            throw;
        }
    }

    private async Task<DeclaredAnswer?> RunAsync(LookupRule way, Variables inner, CancellationToken cancellationToken)
    {
        DeclaredAnswer? answer = null;
        try
        {
            return answer = await steps.RunAsync(way.Steps, inner, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (answer is null) inner.Dispose();
        }
    }
}
