using System.CommandLine;

namespace ActorIpam.Cli.Commands;

/// <summary>Prints the script by which a shell completes command lines. The scripts ask this program again, with its <c>[suggest:PLACE]</c> directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _ipamctl() {
            local line="${COMP_LINE:0:COMP_POINT}" typed="${COMP_WORDS[COMP_CWORD]}" words IFS=$'\n'
            line="${line#*[[:space:]]}"
            words=$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null) || return 0
            [[ $typed == -* ]] || words=$(grep -v '^[-/]' <<<"$words")
            COMPREPLY=($(compgen -W "$words" -- "$typed"))
        }
        complete -o default -F _ipamctl ipamctl
        """;

    private const string Zsh = """
        #compdef ipamctl
        _ipamctl() {
            local line="${LBUFFER#*[[:space:]]}"
            local -a offered
            offered=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ ${words[CURRENT]} == -* ]] || offered=("${(@)offered:#[-/]*}")
            compadd -a offered || _files
        }
        compdef _ipamctl ipamctl
        """;

    private const string Fish = """
        function __ipamctl_offer
            set -l program (commandline -opc)[1]
            set -l line (commandline -cp | string replace -r '^\s*\S+\s' '')
            $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c ipamctl -a '(__ipamctl_offer)'
        """;

    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish.", HelpName = "SHELL", CompletionSources = { "bash", "zsh", "fish" } };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("completion", "Print the script that completes commands, kinds and names in a shell.")
        {
            Examples =
            [
                ("For this bash.", "source <(ipamctl completion bash)"),
                ("For every zsh.", "ipamctl completion zsh > \"${fpath[1]}/_ipamctl\""),
                ("For every fish.", "ipamctl completion fish > ~/.config/fish/completions/ipamctl.fish"),
            ],
        };
        command.Add(Shell);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var script = arguments.GetRequiredValue(Shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            var other => throw new CommandFailure($"There is no completion for '{other}': bash, zsh or fish."),
        };
        await session.Terminal.Out.WriteLineAsync(script);
        return 0;
    }
}
