using System.Globalization;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Tokens of the service accounts that a store names, requested anew for each login.</summary>
internal sealed class LoginTokens(Definition definition, StoreDescription store, IStoreCluster cluster)
{
    /// <summary>The variable that holds the controller's own token, for stores that trust the controller itself.</summary>
    public const string Controller = "controller.token";

    /// <summary>Stands for an audience that no other store has, so that a token cannot be used by one.</summary>
    private const string OfTheStore = "{store}";

    private string AudienceOfTheStore => store.Namespace is null ? $"clusterSecretStore:{store.Name}" : $"secretStore:{store.Namespace}:{store.Name}";

    public async Task AddAsync(LoginRule login, Variables to, CancellationToken cancellationToken)
    {
        var needed = login.Names.ToHashSet(StringComparer.Ordinal);
        if (needed.Contains(Controller)) to.Set(Controller, (await cluster.ReadControllerTokenAsync(cancellationToken).ConfigureAwait(false)).Token);
        foreach (var input in definition.Inputs.Where(input => input.Kind == InputKind.ServiceAccount && needed.Contains(input.Name)))
        {
            if (StoreFields.ServiceAccount(store.Options, input.Field) is not { } account) continue;
            var lifetime = input.LifetimeField is { } field && int.TryParse(StoreFields.Text(store.Options, field), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : input.Seconds;
            IReadOnlyList<string> audiences = [.. account.Audiences ?? [], .. input.Audiences.Select(audience => audience == OfTheStore ? AudienceOfTheStore : audience)];
            var token = await cluster.RequestTokenAsync(account.Namespace, account.Name, audiences, TimeSpan.FromSeconds(lifetime), cancellationToken).ConfigureAwait(false);
            to.Set(input.Name, token.Token);
        }
    }
}
