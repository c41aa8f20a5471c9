namespace GitOpsSecrets.Providers.Declared;

/// <summary>A definition that is none: the message names the file and the field or line.</summary>
public sealed class DefinitionException(string message) : Exception(message);
