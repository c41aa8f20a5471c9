using System.Security.Cryptography;
using System.Text.Unicode;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Writes to a store: looks what is there, then creates, replaces or removes it.</summary>
internal sealed class DeclaredWrites(Definition definition, DeclaredSteps steps, Variables inputs)
{
    private readonly PushRule push = definition.Push!;

    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var value = PushedValue.Of(request);
        if (push.IsText && !Utf8.IsValid(value))
        {
            CryptographicOperations.ZeroMemory(value);
            throw new ProviderException(ProviderFailureKind.Invalid, $"the value for \"{request.Place.Key}\" is no text, and {definition.Title} keeps text only");
        }

        using var scope = ScopeOf(request.Place);
        scope.Set("push.value", value);
        using (var there = await steps.RunAsync(push.Lookup, scope, cancellationToken).ConfigureAwait(false))
        {
            if (there is not null && IsSame(there, scope, value)) return;
            var plan = there is null ? push.Create : push.Update;
            using var done = await steps.RunAsync(plan, scope, cancellationToken).ConfigureAwait(false)
                ?? throw new ProviderException(ProviderFailureKind.Conflict, $"\"{request.Place.Key}\" went away while it was written");
        }
    }

    /// <summary>Fine when it is gone, also while this is under way.</summary>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var scope = ScopeOf(place);
        using var there = await steps.RunAsync(push.Lookup, scope, cancellationToken).ConfigureAwait(false);
        if (there is not null && IsPresent(scope)) (await steps.RunAsync(push.Delete, scope, cancellationToken).ConfigureAwait(false))?.Dispose();
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var scope = ScopeOf(place);
        using var there = await steps.RunAsync(push.Lookup, scope, cancellationToken).ConfigureAwait(false);
        return there is not null && IsPresent(scope);
    }

    private bool IsPresent(Variables scope) => push.Present is null || scope.Has(push.Present);

    private Variables ScopeOf(RemotePlace place)
    {
        if (place.Key.Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "remote key must be defined");
        if (!string.IsNullOrEmpty(place.Property) && !push.Names.Contains("ref.property")) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} keeps one value a key: property \"{place.Property}\" cannot be pushed");
        var scope = new Variables(inputs);
        scope.Set("ref.key", place.Key);
        scope.Set("ref.property", place.Property);
        if (push.Key?.Match(place.Key, scope) == false)
        {
            scope.Dispose();
            throw new ProviderException(ProviderFailureKind.Invalid, $"remoteKey \"{place.Key}\" is not of a form that {definition.Title} can write{(definition.KeyHint is { } hint ? ": " + hint : "")}");
        }

        return scope;
    }

    private bool IsSame(DeclaredAnswer there, Variables scope, byte[] value)
    {
        if (push.Current is null || !push.Current.IsComplete(scope)) return false;
        using var found = there.Find(push.Current.Text(scope));
        if (found is null or { IsNull: true }) return false;
        var current = push.IsBase64 ? DeclaredResult.Decode(found.ToBytes()) : found.ToBytes();
        var same = CryptographicOperations.FixedTimeEquals(current, value);
        CryptographicOperations.ZeroMemory(current);
        return same;
    }
}
