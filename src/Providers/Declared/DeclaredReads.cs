using System.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Fetches one secret: the attempts of a definition in their order, until one finds it.</summary>
internal sealed class DeclaredReads(Definition definition, DeclaredSteps steps, Variables inputs)
{
    /// <returns>Null where the store says, for each attempt, that it is not there.</returns>
    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (definition.Reads.Count == 0) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} gives no values out: this store can only be pushed to");
        var separator = definition.KeySeparator is { } input && inputs.Find(input) is [var only] ? (char)only : '/';
        var (tried, keyFits) = (false, false);
        foreach (var attempt in definition.Reads)
        {
            using var scope = ScopeOf(request);
            if (attempt.Key?.Match(request.Key, scope, separator) == false) continue;
            keyFits = true;
            if (attempt.Property is not null && (request.Property is null || !attempt.Property.Match(request.Property, scope))) continue;
            if (!attempt.Condition.Holds(scope)) continue;
            tried = true;
            foreach (var give in attempt.Gives.Where(give => give.Text.IsComplete(scope))) scope.Set(give.Name, give.Text.Text(scope));
            if (await TryAsync(attempt, request.Key, scope, cancellationToken).ConfigureAwait(false) is { } secret) return secret;
        }

        var hint = definition.KeyHint is { } text ? ": " + text : "";
        if (!keyFits) throw new ProviderException(ProviderFailureKind.Invalid, $"remoteRef.key \"{request.Key}\" is not of a form that {definition.Title} knows{hint}");
        if (!tried) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} cannot be asked for \"{request.Key}\" with the fields that the store has{hint}");
        return null;
    }

    private Variables ScopeOf(RemoteRequest request)
    {
        var scope = new Variables(inputs);
        scope.Set("ref.key", request.Key);
        scope.Set("ref.version", request.Version);
        scope.Set("ref.property", request.Property);
        scope.Set("ref.metadata", request.FetchMetadata ? "true" : "");
        return scope;
    }

    private async Task<RemoteSecret?> TryAsync(AttemptRule attempt, string key, Variables outer, CancellationToken cancellationToken)
    {
        if (attempt.Before.Count > 0)
        {
            using var before = await steps.RunAsync(attempt.Before, outer, cancellationToken).ConfigureAwait(false);
            if (before is null) return null;
        }

        if (attempt.Collect is not null) return await CollectAsync(attempt, key, outer, cancellationToken).ConfigureAwait(false);
        RemoteSecret? found = null;
        try
        {
            foreach (var made in EachRule.Scopes(attempt.Each, outer))
            {
                using var scope = made;
                using var answer = await steps.RunAsync(attempt.Steps, scope, cancellationToken).ConfigureAwait(false);
                if (answer is null) continue;
                if (found is not null) throw new ProviderException(ProviderFailureKind.Conflict, $"{definition.Title} has more than one \"{key}\", and which is meant cannot be told: name it by its id");
                await GiveBackAsync(attempt.After, scope, cancellationToken).ConfigureAwait(false);
                found = DeclaredResult.Secret(key, attempt.Results, answer, scope, steps);
                if (!attempt.IsOnly) return found;
            }

            return found;
        }
        catch
        {
            found?.Dispose();
            throw;
        }
    }

    /// <summary>All elements, each by its name; one that went away meanwhile is left out.</summary>
    private async Task<RemoteSecret> CollectAsync(AttemptRule attempt, string key, Variables outer, CancellationToken cancellationToken)
    {
        var values = new SecretValues();
        try
        {
            foreach (var made in EachRule.Scopes(attempt.Each, outer))
            {
                using var scope = made;
                using var answer = await steps.RunAsync(attempt.Steps, scope, cancellationToken).ConfigureAwait(false);
                if (answer is null) continue;
                using var secret = DeclaredResult.Secret(key, attempt.Results, answer, scope, steps);
                values.Set(Encoding.UTF8.GetString(scope.Need(attempt.Collect!)), secret.Value(null)!);
            }

            return new PairsSecret(key, values, [], null);
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    private async Task GiveBackAsync(IReadOnlyList<StepRule> after, Variables scope, CancellationToken cancellationToken)
    {
        if (after.Count == 0) return;
        try
        {
            (await steps.RunAsync(after, scope, cancellationToken).ConfigureAwait(false))?.Dispose();
        }
        catch (ProviderException)
        {
            // The value is there; what was taken for it ends by itself.
        }
    }
}
