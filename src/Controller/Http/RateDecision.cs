namespace GitOpsSecrets.Controller.Http;

/// <param name="Admitted">Whether the request may be served, after <paramref name="Wait"/>.</param>
/// <param name="Limit">Requests that a quiet caller may send at once.</param>
/// <param name="Remaining">Requests that this caller may send at once now.</param>
/// <param name="Reset">Until this caller counts as quiet.</param>
/// <param name="Wait">Admitted: how long to hold the request. Refused: when to come again.</param>
internal readonly record struct RateDecision(bool Admitted, int Limit, int Remaining, TimeSpan Reset, TimeSpan Wait);
