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
            {{string.Join('\n', BashChoices())}}
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
    private static IEnumerable<string> BashChoices()
    {
        yield return BashChoice("completion completion", ["bash", "zsh", "fish", "pwsh"]);
        yield return BashChoice("keys keys", KeysCommands);
        yield return BashChoice("sops sops", SopsCommands);
        foreach (var spelling in (string[])["-o", "--format"]) yield return BashChoice(" " + spelling, ["json", "yaml"]);
        var all = CommandCatalog.All.GroupBy(command => command.Name.Split(' ')[0]).Select(group => (group.Key, Flags: group.SelectMany(command => command.Flags))).Prepend(("", RootFlags.Groups));
        foreach (var (command, groups) in all)
        {
            foreach (var flag in groups.SelectMany(group => group.Flags).Where(flag => flag is { Choices: not null, Hidden: false }).DistinctBy(flag => flag.Name))
            {
                yield return BashChoice($"{command} --{flag.Name}", flag.Choices!);
                if (flag.Letter is { } letter) yield return BashChoice($"{command} -{letter}", flag.Choices!);
            }
        }
    }

    private static string BashChoice(string when, IEnumerable<string> words) => $"    \"{when}\") choices=\"{string.Join(' ', words)}\" ;;";

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
        var perCommand = string.Join("\n", CommandCatalog.All.GroupBy(command => command.Name.Split(' ')[0])
            .Select(group => $"    '{group.Key}' = @('{string.Join("','", group.SelectMany(command => FlagWords(command.Flags)).Distinct())}')"));
        return $$"""
            Register-ArgumentCompleter -Native -CommandName seal, kubeseal -ScriptBlock {
              param($word, $line, $position)
              $flags = @{
            {{perCommand}}
              }
              $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
              $first = if ($words.Count -gt 0) { $words[0] } else { '' }
              $choices = if ($word -like '-*') {
                if ($flags.ContainsKey($first)) { $flags[$first] } else { @('{{string.Join("','", FlagWords(RootFlags.Groups))}}') }
              } elseif ($first -eq 'keys') { @('{{string.Join("','", KeysCommands)}}')
              } elseif ($first -eq 'sops' -and $words.Count -le 2) { @('{{string.Join("','", SopsCommands)}}')
              } elseif ($first -eq 'completion') { @('bash','zsh','fish','pwsh')
              } else { @('{{string.Join("','", Commands)}}') }
              $choices | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }

            """;
    }
}
