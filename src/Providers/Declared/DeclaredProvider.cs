using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Declared.Identity;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>A kind of store that is data: its definition says what to ask, this does it.</summary>
/// <param name="environment">The process's environment, for the addresses that may be replaced by it; null for none.</param>
internal sealed class DeclaredProvider(Definition definition, Func<string, string?>? environment = null) : IProvider
{
    public string Name => definition.Name;

    public StoreCapability Capability => definition.Capability;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Check(store, $"spec.provider.{definition.Name}");
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new UnusedInputs(definition, $"spec.provider.{definition.Name}", store.Options).Paths();
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await OpenAsync(context, $"spec.provider.{definition.Name}", cancellationToken).ConfigureAwait(false);
    }

    /// <param name="root">Where the store's fields are, for messages.</param>
    public IReadOnlyList<string> Check(StoreDescription store, string root) => new InputRules(definition, root, store).Problems();

    /// <inheritdoc cref="OpenAsync(StoreContext, CancellationToken)"/>
    public async Task<ISecretSource> OpenAsync(StoreContext context, string root, CancellationToken cancellationToken)
    {
        if (Check(context.Store, root) is [var problem, ..]) throw new ProviderException(ProviderFailureKind.Invalid, problem);
        var options = context.Store.Options;
        var inputs = await InputReader.ReadAsync(definition, options, context.Cluster, cancellationToken).ConfigureAwait(false);
        try
        {
            var client = new DeclaredClient(context.Http.Create(await HttpAsync(context, inputs, cancellationToken).ConfigureAwait(false)), definition, ServerOf(inputs), Replaced is not null, context.Time);
            var meter = new CallMeter(context.Calls, definition.Title, context.Time);
            var session = new DeclaredSession(client, LoginOf(context.Store.Options, inputs), new LoginTokens(definition, context.Store, context.Cluster), inputs, context.Time)
            {
                Machine = new MachineSurroundings(definition.Title, context.Http, context.Cluster, meter, context.Time, environment),
                LoginSteps = new DeclaredSteps(definition, meter, context.Time, client.SendAsync),
            };
            return DeclaredSource.Of(new DeclaredParts(definition, session, new DeclaredSteps(definition, meter, context.Time, session.SendAsync), inputs));
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    private string? Replaced => definition.ServerVariable is { } variable && environment?.Invoke(variable) is { Length: > 0 } address ? address : null;

    private string ServerOf(Variables inputs)
    {
        var text = Replaced ?? definition.Server.Text(inputs, PatternPlace.Server);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? text
            : throw new ProviderException(ProviderFailureKind.Invalid, $"the address of {definition.Title} is not an http or https address");
    }

    private LoginRule? LoginOf(JsonElement options, Variables inputs)
    {
        // The tokens of service accounts do not exist before the login, but that they can be asked for is known.
        using var known = new Variables(inputs);
        foreach (var input in definition.Inputs.Where(input => input.Kind == InputKind.ServiceAccount))
        {
            known.Set(input.Name, StoreFields.ServiceAccount(options, input.Field) is null ? "" : "there");
        }

        if (definition.Logins.Count == 0) return null;
        var way = definition.Logins.FirstOrDefault(login => login.Condition.Holds(known)) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title}: the Secrets that the store names hold no credentials");
        return way.Refusal is null ? way : throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title}: {way.Refusal}");
    }

    private async Task<HttpSettings> HttpAsync(StoreContext context, Variables inputs, CancellationToken cancellationToken) => new()
    {
        Authorities = definition.Authority is { } authority
            ? inputs.Has(authority) ? Authorities.Parse(definition.Inputs.First(input => input.Name == authority).Field, Encoding.UTF8.GetString(inputs.Need(authority))) : null
            : (definition.AuthorityAt is { } place ? await AuthorityAsync(context, place + ".", cancellationToken).ConfigureAwait(false) : null)
                ?? await AuthorityAsync(context, "", cancellationToken).ConfigureAwait(false),
        ClientCertificate = CertificateOf(inputs),
        Retry = context.Retry,
        Timeout = InputRules.TimeoutOf(definition, context.Store.Options),
        GuardAddresses = true,
    };

    private static Task<X509Certificate2Collection?> AuthorityAsync(StoreContext context, string under, CancellationToken cancellationToken) =>
        Authorities.ReadAsync(StoreFields.Text(context.Store.Options, under + "caBundle"), StoreFields.Authority(context.Store.Options, under), context.Cluster, cancellationToken);

    private X509Certificate2? CertificateOf(Variables inputs)
    {
        if (definition.ClientCertificate is not { } names || !inputs.Has(names.Certificate)) return null;
        try
        {
            return CertificatePair.FromPem(Encoding.UTF8.GetString(inputs.Need(names.Certificate)), Encoding.UTF8.GetString(inputs.Need(names.Key)));
        }
        catch (CryptographicException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title}: the client certificate and its key are no PEM pair");
        }
    }
}
