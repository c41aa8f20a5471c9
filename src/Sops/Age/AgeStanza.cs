namespace GitOpsSecrets.Sops.Age;

/// <summary>One recipient's copy of the file key, still wrapped.</summary>
/// <param name="Type">First word after the arrow.</param>
/// <param name="Arguments">The words after the type; each 1 or more characters from 0x21 to 0x7E.</param>
/// <param name="Body">The decoded body.</param>
public sealed record AgeStanza(string Type, IReadOnlyList<string> Arguments, byte[] Body);
