using System.Text;

namespace GitOpsSecrets.Providers.Generators.Password;

/// <summary>How many characters of one kind.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Pool">What there is to choose from.</param>
/// <param name="Count">How many are wanted.</param>
internal sealed record PasswordClass(string Name, Rune[] Pool, long Count);
