using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal completion SHELL</c>: words for the shell to offer, made from the same tables as the help.</summary>
internal sealed class CompletionCommand : ICommand
{
    public string Name => "completion";

    public string Arguments => "bash|zsh|fish|pwsh";

    public string Summary => "Prints completions for a shell";

    public string Description => """
        Examples:
          source <(seal completion bash)
          seal completion zsh > "${fpath[1]}/_seal"
          seal completion fish > ~/.config/fish/completions/seal.fish
          seal completion pwsh | Out-String | Invoke-Expression
        """;

    public IReadOnlyList<FlagGroup> Flags => [];

    public Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var script = flags.Arguments is not [var shell] ? null : shell switch
        {
            "bash" => Bash(),
            "zsh" => "#compdef seal kubeseal\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(),
            "fish" => Fish(),
            "pwsh" => PowerShell(),
            _ => null,
        };
        Talk.Write(script ?? throw new UsageException("completion takes one shell: bash, zsh, fish or pwsh"));
        return Task.FromResult(ExitCode.Success);
    }

    private static IEnumerable<string> Commands => CommandCatalog.All.Select(command => command.Name.Split(' ')[0]).Distinct();

    private static IEnumerable<string> KeysCommands => Below("keys ");

    private static IEnumerable<string> SopsCommands => Below("sops ");

    private static IEnumerable<string> Below(string word) =>
        CommandCatalog.All.Where(command => command.Name.StartsWith(word, StringComparison.Ordinal)).Select(command => command.Name[word.Length..]);

    private static IEnumerable<string> FlagWords(IEnumerable<FlagGroup> groups) =>
        groups.SelectMany(group => group.Flags).Where(flag => !flag.Hidden).Select(flag => "--" + flag.Name).Append("--help").Distinct();

    private static string Bash()
    {
        var cases = string.Join("\n", CommandCatalog.All.GroupBy(command => command.Name.Split(' ')[0])
            .Select(group => $"    {group.Key}) flags=\"{string.Join(' ', group.SelectMany(command => FlagWords(command.Flags)).Distinct())}\" ;;"));
        return $$"""
            _seal() {
              local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]}" flags choices
              # --flag=value comes in three words
              if [[ "$word" == "=" ]]; then word=""
              elif [[ "$before" == "=" && $COMP_CWORD -gt 1 ]]; then before="${COMP_WORDS[COMP_CWORD-2]}"
              fi
              if [[ "$command" == -* ]]; then command=""; fi
              case "$command $before" in
            {{string.Join('\n', Choices().Select(choice => $"    \"{choice.After}\") choices=\"{string.Join(' ', choice.Words)}\" ;;"))}}
              esac
              if [[ -n "$choices" ]]; then COMPREPLY=($(compgen -W "$choices" -- "$word")); return; fi
              case "$command" in
            {{cases}}
                *) flags="{{string.Join(' ', FlagWords(RootFlags.Groups))}}" ;;
              esac
              if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
              elif [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W "{{string.Join(' ', Commands)}}" -- "$word"))
              else COMPREPLY=($(compgen -f -- "$word"))
              fi
            }
            complete -o filenames -F _seal seal kubeseal

            """;
    }

    /// <summary>Words that may follow a word: subcommands, and values of flags that take only some.</summary>
    private static IEnumerable<(string After, IEnumerable<string> Words)> Choices()
    {
        yield return ("completion completion", ["bash", "zsh", "fish", "pwsh"]);
        yield return ("keys keys", KeysCommands);
        yield return ("sops sops", SopsCommands);
        foreach (var spelling in (string[])["-o", "--format"]) yield return (" " + spelling, ["json", "yaml"]);
        var all = CommandCatalog.All.GroupBy(command => command.Name.Split(' ')[0]).Select(group => (group.Key, Flags: group.SelectMany(command => command.Flags))).Prepend(("", RootFlags.Groups));
        foreach (var (command, groups) in all)
        {
            foreach (var flag in groups.SelectMany(group => group.Flags).Where(flag => flag is { Choices: not null, Hidden: false }).DistinctBy(flag => flag.Name))
            {
                yield return ($"{command} --{flag.Name}", flag.Choices!);
                if (flag.Letter is { } letter) yield return ($"{command} -{letter}", flag.Choices!);
            }
        }
    }

    private static string Fish()
    {
        var lines = new List<string> { $"complete -c seal -n __fish_use_subcommand -f -a '{string.Join(' ', Commands)}'" };
        lines.Add($"complete -c seal -n '__fish_seen_subcommand_from keys' -f -a '{string.Join(' ', KeysCommands)}'");
        lines.Add($"complete -c seal -n '__fish_seen_subcommand_from sops' -a '{string.Join(' ', SopsCommands)}'");
        lines.Add("complete -c seal -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish pwsh'");
        foreach (var flag in RootFlags.Groups.SelectMany(group => group.Flags).Where(flag => !flag.Hidden)) lines.Add(FishFlag("__fish_use_subcommand", flag));
        foreach (var group in CommandCatalog.All.GroupBy(command => command.Name.Split(' ')[0]))
        {
            foreach (var flag in group.SelectMany(command => command.Flags).SelectMany(flags => flags.Flags).Distinct())
                lines.Add(FishFlag($"__fish_seen_subcommand_from {group.Key}", flag));
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string FishFlag(string condition, Flag flag)
    {
        var letter = flag.Letter is { } one ? $" -s {one}" : "";
        var value = flag.Kind == FlagKind.Toggle ? "" : flag.Choices is { } choices ? $" -x -a '{string.Join(' ', choices)}'" : " -r";
        return $"complete -c seal -n '{condition}' -l {flag.Name}{letter}{value} -d '{flag.Help.Replace("'", "\\'", StringComparison.Ordinal)}'";
    }

    private static string PowerShell()
    {
        var flags = CommandCatalog.All.GroupBy(command => command.Name.Split(' ')[0]).Select(group => (group.Key, group.SelectMany(command => FlagWords(command.Flags)).Distinct()));
        return $$"""
            Register-ArgumentCompleter -Native -CommandName seal, kubeseal -ScriptBlock {
              param($word, $line, $position)
              $after = @{
            {{PowerShellTable(Choices())}}
              }
              $flags = @{
            {{PowerShellTable(flags)}}
              }
              $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | Select-Object -Skip 1 | ForEach-Object { "$_" })
              $command = if ($words.Count -gt 0 -and $words[0] -notlike '-*') { $words[0] } else { '' }
              $before = if ($words.Count -gt 0) { $words[-1] } else { '' }
              $start = ''
              if ($word -match '^(--[^=]+)=(.*)$') { $start = $Matches[1] + '='; $before = $Matches[1]; $word = $Matches[2] }
              $choices = if ($after.ContainsKey("$command $before")) { $after["$command $before"] }
                elseif ($start) { @() }
                elseif ($word -like '-*') { if ($flags.ContainsKey($command)) { $flags[$command] } else { {{PowerShellList(FlagWords(RootFlags.Groups))}} } }
                elseif ($words.Count -eq 0) { {{PowerShellList(Commands)}} }
              # With nothing to choose from, files are offered.
              $choices | Where-Object { $_ -and $_.StartsWith($word) } | ForEach-Object { $start + $_ }
            }

            """;
    }

    private static string PowerShellTable(IEnumerable<(string Key, IEnumerable<string> Words)> rows) =>
        string.Join('\n', rows.Select(row => $"    '{row.Key}' = {PowerShellList(row.Words)}"));

    private static string PowerShellList(IEnumerable<string> words) => $"@('{string.Join("','", words)}')";
}
