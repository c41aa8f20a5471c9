namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Whose identity tokens of Google are accepted.</summary>
/// <param name="Audience">What the tokens are made for.</param>
/// <param name="ServiceAccount">The mail address of the service account that they are made out to.</param>
/// <param name="Certificates">Where the keys are that they are signed with: a JSON Web Key Set.</param>
internal sealed record GoogleCaller(string Audience, string ServiceAccount, Uri Certificates);
