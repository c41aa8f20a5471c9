using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// Opens the items of one object: which key first, how many at a time, and why not. Lives for one <see cref="Unsealer.Unseal"/>.
/// <para>Telling causes apart gives an attacker no oracle: a block passes OAEP only if its sealer knew the session key, so "altered",
/// "other scope" and "other name" are said only of values whose RSA block is authentic. Which check of the padding failed is never told.</para>
/// </summary>
internal sealed class ObjectOpening
{
    private readonly KeyRing keys;
    private readonly UnsealOptions options;
    private readonly IReadOnlyList<SealingKey> order;
    private readonly bool firstIsLikely;
    private readonly byte[] label;
    private readonly IReadOnlyList<OtherPlace> otherPlaces;
    private int privateOperations;
    private int diagnosisOperations;

    // The key that opened an item of this object: its siblings are most likely sealed with the same. Only an order of trying.
    private volatile SealingKey? opener;
    private volatile bool isGivenUp;

    public ObjectOpening(SealedSecret sealedSecret, KeyRing keys, UnsealOptions options)
    {
        this.keys = keys;
        this.options = options;
        var metadata = sealedSecret.Metadata;
        var scope = SealingScopes.Of(metadata);
        label = SealingScopes.Label(scope, metadata.Namespace, metadata.Name);
        otherPlaces = OtherPlace.Candidates(sealedSecret, scope);
        var hints = metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is { } hint ? [hint, .. options.KeyHints] : options.KeyHints;
        order = keys.OrderOfTrying(hints);
        firstIsLikely = order.Count <= 1 || hints.Any(hinted => hinted == order[0].Fingerprint);
    }

    /// <summary>RSA private operations so far.</summary>
    public int PrivateOperations => Volatile.Read(ref privateOperations);

    /// <summary>Why it was given up for its cost; <c>null</c> when it was not.</summary>
    public UnsealFailure? TooCostly => !isGivenUp ? null : UnsealFailure.OfObject(
        UnsealFailureKind.TooCostly, $"opening it takes more than {options.MaxPrivateOperations} tries of a key; {keys.Keys.Count} keys are in use");

    public OpenedItems OpenAll(SortedDictionary<string, string> items)
    {
        var names = items.Keys.ToArray();
        var openings = new ItemOpening[names.Length];
        // Without a good guess, the first item finds the key and its siblings profit; started together, each would search for itself.
        var alone = firstIsLikely ? 0 : Math.Min(1, names.Length);
        try
        {
            if (alone == 1) openings[0] = Open(items[names[0]]);
            OpenFrom(alone, i => openings[i] = Open(items[names[i]]), names.Length);
        }
        catch
        {
            // Only misuse, a broken backend and being told to stop throw. What was opened by then is not left lying about.
            foreach (var opening in openings) CryptographicOperations.ZeroMemory(opening.Plaintext);
            throw;
        }
        var opened = new OpenedItems();
        for (var i = 0; i < names.Length; i++) opened.Add(names[i], openings[i]);
        return opened;
    }

    private void OpenFrom(int first, Action<int> open, int end)
    {
        var parallelism = Math.Max(1, options.Parallelism);
        if (parallelism == 1 || end - first <= 1)
        {
            for (var i = first; i < end; i++) open(i);
            return;
        }
        try
        {
            Parallel.For(first, end, new ParallelOptions { MaxDegreeOfParallelism = parallelism }, open);
        }
        catch (AggregateException several)
        {
            // One thing went wrong, seen by several threads; a caller should not have to know that there were any.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private ItemOpening Open(string text)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        if (!SealedItem.TryDecode(text, out var bytes, out var failure)) return new ItemOpening(failure);
        if (!SealedItem.TryParse(bytes, out var item, out failure)) return new ItemOpening(failure);
        var likely = opener;
        if (likely is not null && TryKey(item, likely, label, out var opening)) return opening;
        foreach (var key in order)
        {
            if (!ReferenceEquals(key, likely) && TryKey(item, key, label, out opening)) return opening;
        }
        return new ItemOpening(Diagnose(item));
    }

    /// <summary><c>false</c>: another key's turn. <c>true</c>: settled, for good or bad.</summary>
    private bool TryKey(SealedItem item, SealingKey key, byte[] under, out ItemOpening opening)
    {
        opening = default;
        options.CancellationToken.ThrowIfCancellationRequested();
        // A block of another size belongs to another key; OAEP would refuse it after the same work.
        if (key.PrivateKey.BlockSize != item.SealedSessionKey.Length) return false;
        Span<byte> buffer = stackalloc byte[SealedItem.MaxRsaBlock];
        var sessionKey = buffer[..key.PrivateKey.BlockSize];
        try
        {
            if (PrivateOperations >= options.MaxPrivateOperations)
            {
                isGivenUp = true;
                opening = new ItemOpening(NotTried);
                return true;
            }
            Interlocked.Increment(ref privateOperations);
            if (!key.PrivateKey.TryOpen(item.SealedSessionKey, under, sessionKey, out var written)) return false;
            var plaintext = item.Decrypt(sessionKey[..written]);
            opening = plaintext is null ? new ItemOpening(Tampered) : new ItemOpening(plaintext, key);
            if (plaintext is null) return true;
            opener = key;
            keys.Remember(key);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sessionKey);
        }
    }

    /// <summary>Nothing opened it here. Would it have, elsewhere? Bounded, because every try costs an RSA operation and anyone can submit objects.</summary>
    private ItemFailure Diagnose(SealedItem item)
    {
        foreach (var place in otherPlaces)
        {
            foreach (var key in order)
            {
                if (key.PrivateKey.BlockSize != item.SealedSessionKey.Length) continue;
                if (Interlocked.Increment(ref diagnosisOperations) > options.DiagnosisOperations) return NoKey(item);
                if (!TryKey(item, key, place.Label, out var elsewhere)) continue;
                CryptographicOperations.ZeroMemory(elsewhere.Plaintext);
                return elsewhere.Failure ?? place.Failure;
            }
        }
        return NoKey(item);
    }

    private ItemFailure NoKey(SealedItem item)
    {
        var bits = item.KeyBits;
        var sameSize = order.Count(key => key.PrivateKey.BlockSize * 8 == bits);
        var why = order.Count == 0 ? "there is no sealing key"
            : sameSize == 0 ? $"it is sealed to a {bits}-bit key and none of the {order.Count} keys has that size"
            : $"none of {sameSize} keys of {bits} bits opens it for this name, namespace and scope: sealed with another key, for another place, or altered";
        return new ItemFailure(UnsealFailureKind.NoKeyMatches, ItemFailure.NoKeyText, why);
    }

    private static ItemFailure NotTried { get; } = new(UnsealFailureKind.TooCostly, "not tried", "not tried");

    private static ItemFailure Tampered { get; } = new(
        UnsealFailureKind.Tampered, ItemFailure.NoKeyText, "the key fits, but the value was altered after sealing");
}
