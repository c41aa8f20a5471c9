namespace GitOpsSecrets.Providers.Declared.Signing;

/// <summary>How a vendor wants requests signed: pure, but for the request that it adds headers to.</summary>
internal interface IRequestSignature
{
    /// <summary>The parameters that a definition must give it; those with a question mark it may leave out.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <param name="request">Complete, but for the signature.</param>
    /// <param name="with">The parameters; one that is empty is not there.</param>
    void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> with, DateTimeOffset now);
}
