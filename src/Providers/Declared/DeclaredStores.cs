using System.Text.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// <c>spec.provider.declared</c>: stores of the definitions that the operator of the cluster wrote, with their fields under <c>options</c>.
/// </summary>
internal sealed class DeclaredStores(OwnDefinitions own) : IProvider
{
    private const string Root = "spec.provider.declared";

    public string Name => "declared";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public StoreCapability CapabilityOf(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Problem(store) is null ? DefinitionOf(store)!.Capability : Capability;
    }

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (Problem(store) is { } problem) return [problem];
        var (definition, inner) = (DefinitionOf(store)!, Inner(store));
        return [.. new DeclaredProvider(definition, Environment.GetEnvironmentVariable).Check(inner, Root + ".options"), .. new KnownFields(definition).Unknown(inner.Options, Root + ".options")];
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new UnusedInputs(DefinitionOf(store)!, Root + ".options", Inner(store).Options).Paths();
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Check(context.Store) is [var problem, ..]) throw new ProviderException(ProviderFailureKind.Invalid, problem);
        return await new DeclaredProvider(DefinitionOf(context.Store)!, Environment.GetEnvironmentVariable).OpenAsync(context with { Store = Inner(context.Store) }, Root + ".options", cancellationToken).ConfigureAwait(false);
    }

    private string? Problem(StoreDescription store)
    {
        if (store.Options.ValueKind != JsonValueKind.Object) return $"{Root} must be an object";
        if (!store.Options.TryGetProperty("definition", out var name) || name.ValueKind != JsonValueKind.String) return $"{Root}.definition is required, a name";
        if (DefinitionOf(store) is not null) return null;
        var there = own.Names.Count == 0 ? "there are none; --provider-definitions names their folder" : $"there is {string.Join(", ", own.Names)}";
        return $"{Root}.definition \"{name.GetString()}\" is none of those that were given: {there}";
    }

    private Definition? DefinitionOf(StoreDescription store) => own.ByName.GetValueOrDefault(store.Options.GetProperty("definition").GetString()!);

    private static StoreDescription Inner(StoreDescription store) =>
        store with { Options = store.Options.TryGetProperty("options", out var options) ? options : JsonElement.Parse("{}"u8) };
}
