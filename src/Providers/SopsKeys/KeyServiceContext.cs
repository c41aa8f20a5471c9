namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>All that a key service gets.</summary>
/// <param name="Credentials">With whose rights to ask.</param>
/// <param name="Http">Where HTTP clients come from.</param>
/// <param name="Calls">Counts the calls.</param>
/// <param name="Time">The clock that tokens are aged by.</param>
public sealed record KeyServiceContext(KeyServiceCredentials Credentials, IProviderHttp Http, ICallObserver Calls, TimeProvider Time);
