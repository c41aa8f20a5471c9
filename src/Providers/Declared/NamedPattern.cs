namespace GitOpsSecrets.Providers.Declared;

/// <summary>A header, a query's parameter, or a form's field. Left out where a variable of its text is not there.</summary>
internal sealed record NamedPattern(string Name, TextPattern Text);
