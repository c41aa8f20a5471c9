namespace GitOpsSecrets.Providers.Rules;

/// <summary>A reason why an object must not be as it is.</summary>
/// <param name="Path">The field, such as <c>spec.data[1].secretKey</c>.</param>
/// <param name="Message">In the original's words where it has them; never a value of a secret.</param>
public sealed record RuleRefusal(string Path, string Message);
