namespace GitOpsSecrets.Providers.Vault;

/// <summary>A token that a login gave.</summary>
/// <param name="Value">What goes into <c>X-Vault-Token</c>.</param>
/// <param name="IssuedAt">When it was given or last renewed.</param>
/// <param name="Lifetime">From then; null lives on for ever.</param>
/// <param name="IsRenewable">Whether it can be renewed.</param>
/// <param name="IsBatch">Batch tokens cannot be renewed or revoked.</param>
internal sealed record VaultToken(string Value, DateTimeOffset IssuedAt, TimeSpan? Lifetime, bool IsRenewable, bool IsBatch)
{
    // A token that ends within a minute is as good as ended: a call may take that long.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    public bool IsUsable(DateTimeOffset now) => Lifetime is null || now < IssuedAt + Lifetime - Smaller(Margin, Lifetime.Value / 4);

    /// <summary>Whether two thirds of its life are over, so that renewing it is worth a call.</summary>
    public bool WantsRenewal(DateTimeOffset now) => IsRenewable && Lifetime is not null && now >= IssuedAt + (Lifetime * 2 / 3);

    public override string ToString() => "a Vault token";

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
