namespace GitOpsSecrets.LocalCluster.Discovery;

/// <summary>
/// <c>/openapi/v2</c> as protobuf, which kubectl asks for when <c>/openapi/v3</c> does not know a kind, and before 1.27 always. It says that nothing is
/// described, so that kubectl goes on to find that the kind is not served, and an old one validates nothing.
/// </summary>
internal static class SwaggerProtobuf
{
    /// <summary>As kubectl asks for it.</summary>
    public const string Accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>As it is answered: <c>@</c> is not allowed in a media type, and kubectl reads it strictly.</summary>
    public const string MediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>A <c>Document</c> of gnostic's <c>OpenAPIv2.proto</c>: <c>swagger</c> (1), <c>info</c> (2) with <c>title</c> (1) and <c>version</c> (2), <c>paths</c> (8).</summary>
    public static ReadOnlyMemory<byte> WithoutDefinitions { get; } = new([
        (1 << 3) | 2, 3, .. "2.0"u8,
        (2 << 3) | 2, 14, (1 << 3) | 2, 10, .. "Kubernetes"u8, (2 << 3) | 2, 0,
        (8 << 3) | 2, 0,
    ]);
}
