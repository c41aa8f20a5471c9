using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Fake;

/// <summary>
/// Values that stand in the store itself, for trying things out without a cloud. What is pushed is kept for as long as the process lives, for
/// each store by itself: the original kept it by the store's name alone, so that namespaces saw each other's.
/// </summary>
public sealed class FakeProvider : IProvider
{
    private readonly FakeMemory memory = new();

    public string Name => "fake";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public bool IsMaintained => false;

    /// <summary>Nobody is called.</summary>
    public bool Repeats => false;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check("spec.provider.fake", store.Options, FakeStoreJson.Default.FakeStore, Findings);
    }

    public Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read("spec.provider.fake", context.Store.Options, FakeStoreJson.Default.FakeStore);
        return Task.FromResult<ISecretSource>(new FakeSource(options, memory.Of(context.Store)));
    }

    private static IEnumerable<string> Findings(FakeStore options)
    {
        for (var position = 0; position < options.Data.Count; position++)
        {
            var entry = options.Data[position];
            if (entry.Key.Length == 0) yield return $"key must be set in data {position}";
            if (string.IsNullOrEmpty(entry.Value) && entry.ValueMap is not { Count: > 0 }) yield return $"at least one value must be set in data {position}";
        }

        if (options.ValidationResult is < 0 or > 2) yield return "validationResult must be 0, 1 or 2";
    }
}
