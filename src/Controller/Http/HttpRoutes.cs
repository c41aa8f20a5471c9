using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Http;

/// <summary>Joins the endpoints of the API port.</summary>
internal sealed class HttpRoutes(
    ControllerOptions options, SealingKeyStore keys, UnsealOptions unsealing, OpeningTurns turns, Func<bool> isReady, TimeProvider time)
{
    /// <summary>
    /// A script that re-encrypts a folder sends one request after the other; it is slowed down rather than refused, because
    /// kubeseal does not try again.
    /// </summary>
    private static readonly TimeSpan RotatePatience = TimeSpan.FromSeconds(10);

    public void Map(IEndpointRouteBuilder routes)
    {
        var body = new SealedSecretBody(options.ReadTimeout, time);
        // Finding out why a value does not open costs more private operations; a stranger does not get them.
        var opening = unsealing with { DiagnosisOperations = 0, Parallelism = 1, MaxPrivateOperations = Math.Min(unsealing.MaxPrivateOperations, OpeningDoor.MaxOperations) };
        new HealthEndpoint(isReady).Map(routes);
        new CertificateEndpoint(keys).Map(routes);
        new VerifyEndpoint(keys, opening, Door(new RateGate(options.RateLimit, options.RateLimitBurst, TimeSpan.Zero, time))).Map(routes);
        new RotateEndpoint(keys, opening, Door(new RateGate(options.RotateRateLimit, options.RotateRateLimitBurst, RotatePatience, time))).Map(routes);

        OpeningDoor Door(RateGate gate) => new(body, gate, turns);
    }
}
