namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>What a command line, and below it the environment, said.</summary>
internal sealed class ParsedFlags
{
    private readonly Dictionary<Flag, List<string>> _values = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _arguments = [];

    /// <summary>What is neither a flag nor a flag's value, in order.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>The flags given on the command line that are on their way out.</summary>
    public IEnumerable<Flag> Outdated => _values.Keys.Where(flag => flag.ReplacedBy is not null);

    /// <summary>Whether the command line or the environment named it, with whatever value.</summary>
    public bool Given(Flag flag) => _values.ContainsKey(flag);

    public string Text(Flag flag) => _values.TryGetValue(flag, out var given) ? given[^1] : flag.Default;

    /// <summary>As <see cref="Text"/>, but <c>null</c> when empty.</summary>
    public string? TextOrNull(Flag flag) => Text(flag) is { Length: > 0 } text ? text : null;

    public bool On(Flag flag) => FlagParser.TryReadToggle(Text(flag), out var on) && on;

    public IReadOnlyList<string> List(Flag flag) => _values.TryGetValue(flag, out var given) ? given : [];

    internal void AddArgument(string argument) => _arguments.Add(argument);

    /// <summary>The last one wins, except in a list.</summary>
    internal void Set(Flag flag, List<string> values)
    {
        if (flag.Kind == FlagKind.List && _values.TryGetValue(flag, out var given)) given.AddRange(values);
        else _values[flag] = values;
    }
}
