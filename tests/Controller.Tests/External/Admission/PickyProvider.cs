using System.Text.Json;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

/// <summary>A kind of store that nobody can open; its options may not have a member <c>wrong</c>.</summary>
internal sealed class PickyProvider(string name, bool isMaintained = true) : IProvider
{
    public string Name => name;

    public StoreCapability Capability => StoreCapability.ReadOnly;

    public bool IsMaintained => isMaintained;

    public IReadOnlyList<string> Check(StoreDescription store) =>
        store.Options.ValueKind == JsonValueKind.Object && store.Options.TryGetProperty("wrong", out _) ? [$"{store.Kind} {store.Namespace}/{store.Name}: wrong"] : [];

    public Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
}
