namespace GitOpsSecrets.GoTemplate.Times;

/// <param name="Abbreviation">Such as CEST; empty if unknown.</param>
/// <param name="Offset">Seconds east of UTC.</param>
internal readonly record struct ZoneSpan(string Abbreviation, int Offset, bool IsDst);
