namespace GitOpsSecrets.Providers.Json;

/// <summary>What a piece of JSON is. <see cref="Absent"/> is none at all.</summary>
internal enum JsonKind
{
    Absent,
    Null,
    False,
    True,
    Number,
    Text,
    Array,
    Object,
}
