using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Writes to a store: looks what is there, then creates, replaces or removes it.</summary>
internal sealed class DeclaredWrites(Definition definition, DeclaredSteps steps, Variables inputs)
{
    private readonly PushRule push = definition.Push!;
    private readonly DeclaredLookups lookups = new(definition, steps, inputs);

    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (push.IsText && PushedForms.ItemsOf(push.Form, request).FirstOrDefault(item => !Utf8.IsValid(item.Value)) is { Key: not null } bytes)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"the value of {bytes.Key} for \"{request.Place.Key}\" is no text, and {definition.Title} keeps text only");
        }

        if (request.Metadata is not { ValueKind: JsonValueKind.Object } wishes || push.Metadata.Values.All(path => StoreFields.TextOrObject(wishes, path) is null)) request.LeaveMetadata();
        using var place = await lookups.FindAsync(request.Place, PushRule.Write, request.Metadata, cancellationToken).ConfigureAwait(false);
        if (place.Answer is null && push.MustExist is { } reason) throw new ProviderException(ProviderFailureKind.Invalid, $"\"{request.Place.Key}\" is not there: {reason}");
        if (!SetValue(place, request)) return;
        var plan = place.Answer is null ? push.Create : push.Update;
        if (!plan.Any(step => step.Condition.Holds(place.Scope))) throw NothingToWrite(request.Place);
        if (plan.Any(step => step.Condition.Holds(place.Scope) && step.HasAsText(PushRule.Value))) Garble(request);
        using var done = await steps.RunAsync(plan, place.Scope, cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFailureKind.Conflict, $"\"{request.Place.Key}\" went away while it was written");
        // Steps that only read may have found out that there is nothing to write to.
        if (!plan.Any(step => step.Method != HttpMethod.Get && step.Condition.Holds(place.Scope))) throw NothingToWrite(request.Place);
    }

    /// <summary>Fine when it is gone, also while this is under way.</summary>
    public async Task DeleteAsync(RemotePlace remote, CancellationToken cancellationToken)
    {
        using var place = await lookups.FindAsync(remote, PushRule.Look, null, cancellationToken).ConfigureAwait(false);
        if (place.Answer is null || !IsPresent(place) || (push.Own is { } own && !place.Scope.Has(own))) return;
        var plan = push.Delete;
        if (PushedForms.IsPart(push.Form, remote))
        {
            var current = NeedCurrent(place, remote);
            var rest = PushedForms.Without(push.Form, current, remote);
            var isSame = rest is not null && rest.AsSpan().SequenceEqual(current);
            CryptographicOperations.ZeroMemory(current);
            if (rest is not null) place.Scope.Set(PushRule.Value, rest);
            if (isSame) return;
            if (rest is not null) plan = push.Update;
        }

        // What is being removed already has no step.
        if (!plan.Any(step => step.Condition.Holds(place.Scope))) return;
        (await steps.RunAsync(plan, place.Scope, cancellationToken).ConfigureAwait(false))?.Dispose();
    }

    public async Task<bool> ExistsAsync(RemotePlace remote, CancellationToken cancellationToken)
    {
        using var place = await lookups.FindAsync(remote, PushRule.Look, null, cancellationToken).ConfigureAwait(false);
        if (place.Answer is null || !IsPresent(place)) return false;
        if (!PushedForms.IsPart(push.Form, remote)) return true;
        var current = NeedCurrent(place, remote);
        try
        {
            return PushedForms.Has(push.Form, current, remote);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(current);
        }
    }

    private void Garble(PushRequest request)
    {
        foreach (var (key, value) in PushedForms.ItemsOf(push.Form, request)) if (!Utf8.IsValid(value)) request.Garble(key);
    }

    private ProviderException NothingToWrite(RemotePlace place) =>
        new(ProviderFailureKind.Invalid, $"\"{place.Key}\"{(string.IsNullOrEmpty(place.Property) ? "" : $" with property \"{place.Property}\"")} cannot be written: {push.Otherwise ?? $"{definition.Title} has no way to"}");

    private bool IsPresent(FoundPlace place) => push.Present is null || place.Scope.Has(push.Present);

    /// <returns>False where what is there is the same already.</returns>
    private bool SetValue(FoundPlace place, PushRequest request)
    {
        var current = CurrentOf(place);
        try
        {
            var value = PushedForms.Make(push.Form, push.Checksum is null ? current : null, request);
            place.Scope.Set(PushRule.Value, value);
            if (push.Checksum is not { } checksum) return current is null || !CryptographicOperations.FixedTimeEquals(current, value) || !IsAsWished(place.Scope);
            checksum.Add(place.Scope, value);
            return current is null || !JsonEditing.AreEqual(Encoding.UTF8.GetString(current), Encoding.UTF8.GetString(place.Scope.Need(checksum.Variable)));
        }
        finally
        {
            if (current is not null) CryptographicOperations.ZeroMemory(current);
        }
    }

    private bool IsAsWished(Variables scope) =>
        push.CurrentWith.All(pair => !scope.Has(pair.Key) || scope.Find(pair.Key).AsSpan().SequenceEqual(scope.Find(pair.Value)));

    private byte[] NeedCurrent(FoundPlace place, RemotePlace remote) => CurrentOf(place) ?? throw steps.Lacks($"the request for \"{remote.Key}\"", push.Current!.Text(place.Scope));

    /// <summary>What would be overwritten, the caller's to zero; null where nothing is there, or the store does not say.</summary>
    private byte[]? CurrentOf(FoundPlace place)
    {
        if (place.Answer is null || push.Current is null || !push.Current.IsComplete(place.Scope)) return null;
        using var found = place.Answer.Find(push.Current.Text(place.Scope));
        if (found is null or { IsNull: true }) return null;
        return push.IsBase64 ? DeclaredResult.Decode(found.ToBytes()) : found.ToBytes();
    }
}
