namespace GitOpsSecrets.Providers.Google;

/// <summary>One request to a service of Google.</summary>
/// <param name="Method">GET, POST, PATCH or DELETE.</param>
/// <param name="Address">All of it.</param>
/// <param name="Operation">The name under which the call is counted.</param>
internal sealed record GoogleCall(HttpMethod Method, Uri Address, string Operation)
{
    /// <summary>Zeroed once sent. Null sends none.</summary>
    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The value of an <c>Authorization</c> header of its own; null sends the caller's token.</summary>
    public string? Authorization { get; init; }

    /// <summary>Whether it goes to a metadata server, which wants to know that nobody was tricked into asking.</summary>
    public bool IsMetadata { get; init; }

    /// <summary>More headers, of an address that is not Google's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether the same may be sent twice although it is a POST.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Errors by their status, such as <c>NOT_FOUND</c>, that are an answer to this call.</summary>
    public IReadOnlyList<string> Tolerated { get; init; } = [];
}
