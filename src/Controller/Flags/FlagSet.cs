using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>
/// Flags with the syntax of pflag, which manifests are written for: <c>--name value</c>, <c>--name=value</c>, switches alone or
/// with <c>=true/false</c>, <c>--</c> ends them.
/// </summary>
internal sealed class FlagSet
{
    /// <summary>The flag that names a file of settings.</summary>
    public const string ConfigFlag = "config";

    private readonly Dictionary<string, Flag> flags = new(StringComparer.Ordinal);
    private readonly List<string> warnings = [];

    /// <summary>Values that could not be used and were forgiven, one line each, without the value.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    public void Add(Flag flag) => flags.Add(flag.Name, flag);

    public void Text(string name, string standard, string help, Action<string> set) =>
        Add(new Flag(name, standard, help, text => Set(set, text)));

    public void Switch(string name, bool standard, string help, Action<bool> set) => Add(new Flag(
        name, standard ? "true" : "false", help, text => TryParseBool(text, out var value) ? Set(set, value) : "expected true or false")
    { IsSwitch = true, Zero = "false" });

    /// <summary>Another program's name for one of our flags: accepted, and not shown.</summary>
    public void Alias(string name, string target) => Add(new Flag(name, "", "", flags[target].Apply) { IsSwitch = flags[target].IsSwitch, Deprecated = "--" + target });

    /// <summary>A flag of another program that has no meaning here: accepted, and not shown.</summary>
    public void Ignore(string name, bool isSwitch = false) => Add(new Flag(name, "", "", _ => null) { IsSwitch = isSwitch, Deprecated = "nothing" });

    /// <summary>A switch of another program for what is not done here.</summary>
    public void KeepOff(string name, string reason) =>
        Add(new Flag(name, "", "", text => !TryParseBool(text, out var value) ? "expected true or false" : value ? reason : null) { IsSwitch = true, Deprecated = "nothing" });

    public void Number(string name, int standard, int least, int most, string help, Action<int> set) => Add(new Flag(
        name, standard.ToString(CultureInfo.InvariantCulture), help, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? Set(set, value)
                : most == int.MaxValue ? $"expected a whole number from {least}" : $"expected a whole number from {least} to {most}")
    { Zero = "0" });

    public void Duration(string name, TimeSpan standard, TimeSpan least, string help, Action<TimeSpan> set) => Add(new Flag(
        name, GoDuration.Format(standard), help, text =>
            !GoDuration.TryParse(text, out var value) ? $"expected {GoDuration.Expectation}"
            : value < least ? $"must be at least {GoDuration.Format(least)}"
            : Set(set, value))
    { Zero = "0" });

    /// <summary>Marks a flag whose value stops nobody: neither one of the environment that cannot be read, nor a text that is not known.</summary>
    public void Forgive(string name) => flags[name] = flags[name] with { IsForgiven = true };

    /// <summary>Reads the file that <see cref="ConfigFlag"/> names, then the environment, then the arguments: what comes later wins.</summary>
    /// <returns>Everything that is wrong, one line each; empty when all is well.</returns>
    public IReadOnlyList<string> Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var problems = new List<string>();
        var given = ReadArguments(arguments, problems);
        var file = given.LastOrDefault(argument => argument.Flag.Name == ConfigFlag).Text
            ?? (flags.TryGetValue(ConfigFlag, out var config) ? environment.GetValueOrDefault(config.EnvironmentName) : null);
        if (!string.IsNullOrEmpty(file)) ApplyFile(file, problems);
        foreach (var flag in flags.Values)
        {
            if (!environment.TryGetValue(flag.EnvironmentName, out var text) || flag.Apply(text) is not { } problem) continue;
            if (flag.IsForgiven) warnings.Add($"{flag.EnvironmentName} cannot be used and {Instead(flag)}: {problem}");
            else problems.Add($"invalid value \"{text}\" for {flag.EnvironmentName}: {problem}");
        }
        foreach (var (flag, text) in given)
        {
            if (flag.Apply(text) is not { } problem) continue;
            if (flag is { IsForgiven: true, Zero: null }) warnings.Add($"--{flag.Name} cannot be used and {Instead(flag)}: {problem}");
            else problems.Add($"invalid argument \"{text}\" for \"--{flag.Name}\" flag: {problem}");
        }
        return problems;
    }

    public string Usage()
    {
        var text = new StringBuilder();
        foreach (var flag in flags.Values.Where(flag => flag.Deprecated is null).OrderBy(flag => flag.Name, StringComparer.Ordinal))
        {
            text.Append("      --").Append(flag.Name.PadRight(32)).Append(' ').Append(flag.Help);
            if (flag.Default.Length > 0) text.Append(" (default ").Append(flag.Default).Append(')');
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Instead(Flag flag) => flag.Zero is { } zero && flag.Apply(zero) is null ? $"counts as {zero}, as in Sealed Secrets" : "is passed over";

    private void ApplyFile(string path, List<string> problems)
    {
        foreach (var (name, text) in SettingsFile.Read(path, problems))
        {
            if (!flags.TryGetValue(name, out var flag) || name is ConfigFlag or "help" or "version") problems.Add($"{path}: unknown setting \"{name}\"");
            else if (flag.Apply(text) is { } problem) problems.Add($"{path}: invalid value \"{text}\" for \"{name}\": {problem}");
        }
    }

    private List<(Flag Flag, string Text)> ReadArguments(IReadOnlyList<string> arguments, List<string> problems)
    {
        var given = new List<(Flag, string)>();
        var position = 0;
        while (position < arguments.Count)
        {
            var argument = arguments[position++];
            if (argument == "--") break;
            if (ReadOne(argument, arguments, ref position, problems) is { } read) given.Add(read);
        }
        for (; position < arguments.Count; position++) PassOver(arguments[position]);
        return given;
    }

    private (Flag Flag, string Text)? ReadOne(string argument, IReadOnlyList<string> arguments, ref int position, List<string> problems)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            if (argument.StartsWith('-') && argument.Length > 1) problems.Add($"unknown shorthand flag: {argument}");
            else PassOver(argument);
            return null;
        }
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument[2..] : argument[2..equals];
        if (!flags.TryGetValue(name, out var flag))
        {
            problems.Add($"unknown flag: --{name}");
            return null;
        }
        string text;
        if (equals >= 0) text = argument[(equals + 1)..];
        else if (flag.IsSwitch) text = "true";
        else if (position < arguments.Count) text = arguments[position++];
        else
        {
            problems.Add($"flag needs an argument: --{name}");
            return null;
        }
        return (flag, text);
    }

    /// <summary>As the original does, without a word: a switch followed by "false" is the usual cause, and is on.</summary>
    private void PassOver(string argument) => warnings.Add($"\"{argument}\" is no flag and is passed over, as in Sealed Secrets; a switch is turned off with --name=false");

    /// <summary>The spellings that Go's strconv.ParseBool takes.</summary>
    private static bool TryParseBool(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || text is "0" or "f" or "F" or "false" or "FALSE" or "False";
    }

    private static string? Set<T>(Action<T> set, T value)
    {
        set(value);
        return null;
    }
}
