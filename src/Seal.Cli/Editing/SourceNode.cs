using YamlDotNet.Core;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>Where a value stands in a text. Offsets are in characters; <see cref="End"/> is behind the last one.</summary>
internal sealed class SourceNode
{
    public required int Start { get; init; }

    public required int End { get; init; }

    /// <summary>In braces or brackets, as all of JSON.</summary>
    public bool Flow { get; init; }

    /// <summary>Column of a block map's keys, from 0.</summary>
    public int Column { get; init; }

    public ScalarStyle Style { get; init; }

    /// <summary>A scalar that means null: nothing at all, <c>~</c>, <c>null</c>.</summary>
    public bool Null { get; init; }

    public IReadOnlyList<SourceEntry>? Entries { get; init; }

    public IReadOnlyList<SourceNode>? Items { get; init; }

    public SourceNode? Child(string key) => Entries?.FirstOrDefault(entry => entry.Key == key)?.Value;
}
