using GitOpsSecrets.Controller.Sealed;

namespace GitOpsSecrets.Controller.Http;

/// <summary><c>/v1/cert.pem</c>: the certificate to seal with now. Every replica serves it.</summary>
internal sealed class CertificateEndpoint(SealingKeyStore keys)
{
    public const string Path = "/v1/cert.pem";

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], ServeAsync);

    private Task ServeAsync(HttpContext context)
    {
        if (keys.Ring.Current?.Certificate is not { } certificate)
        {
            return Answer.TextAsync(context, StatusCodes.Status500InternalServerError, "cannot get certificate", context.RequestAborted);
        }
        context.Response.ContentType = "application/x-pem-file";
        return context.Response.WriteAsync(certificate.Pem, context.RequestAborted);
    }
}
