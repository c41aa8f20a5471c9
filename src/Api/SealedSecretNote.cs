namespace GitOpsSecrets.Api;

/// <summary>
/// What a controller of ours remembers in the message of a condition, where the definition has no fields for it: <c>HASH[ keys=FINGERPRINT,…][ HANDLED]</c>. HASH is
/// <see cref="SealedSecretStatus.ObservedHash"/>, then follow <see cref="SealedSecretStatus.SealingKeys"/> and <see cref="SealedSecretStatus.LastHandledReconcileAt"/>.
/// </summary>
public readonly record struct SealedSecretNote(string Hash, IReadOnlyList<string> SealingKeys, string? Handled)
{
    public const string ConditionType = "gitopssecrets.io/Observed";

    private const string Keys = "keys=";

    public static SealedSecretNote Parse(string? message)
    {
        var (hash, rest) = Split(message ?? "");
        if (rest is null || !rest.StartsWith(Keys, StringComparison.Ordinal)) return new SealedSecretNote(hash, [], rest);
        var (keys, handled) = Split(rest[Keys.Length..]);
        return new SealedSecretNote(hash, keys.Split(',', StringSplitOptions.RemoveEmptyEntries), handled);
    }

    public override string ToString() => string.Join(' ', new[] { Hash, SealingKeys.Count > 0 ? Keys + string.Join(',', SealingKeys) : null, Handled }.Where(part => part is not null));

    private static (string First, string? Left) Split(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? (text, null) : (text[..end], text[(end + 1)..]);
    }
}
