using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ActorIpam.Cli.Commands;
using ActorIpam.Client.Http;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Cli;

/// <summary>What a command does: its arguments are in the parse result; 0 done, 1 anything else.</summary>
internal delegate Task<int> CommandBody(ParseResult arguments, Session session, CancellationToken cancellation);

/// <summary>The whole command line: all commands, and the edge where failures become sentences on standard error and exit status 1.</summary>
internal static class CommandLine
{
    private const string Program = "ipamctl";

    /// <param name="arguments">Without the program's name.</param>
    /// <param name="terminal">What surrounds the run.</param>
    /// <param name="interrupt">Ends it, as the interrupt key does.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken interrupt = default)
    {
        var parsed = Build(terminal).Parse(arguments);
        if (parsed.Action is ParseErrorAction errors)
        {
            errors.ShowHelp = false;
        }

        var around = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        if (parsed.CommandResult.Command.Name == ConsoleCommand.Name)
        {
            // The interrupt key ends the command that runs in the console, not the console.
            around.ProcessTerminationTimeout = null;
        }

        var exit = await parsed.InvokeAsync(around, interrupt);
        return exit == 0 ? 0 : 1;
    }

    /// <summary>The tree of commands; nothing is asked of a member before one of them runs.</summary>
    public static RootCommand Build(Terminal terminal)
    {
        var ipam = new ExampleCommand("ipam", "Assign, release and look at addresses.")
        {
            Examples = [("How full are the pools?", "ipamctl ipam show")],
        };
        Add(
            ipam,
            terminal,
            AssignCommand.Build(),
            ReleaseCommand.Build(),
            ShowCommand.Build(),
            MapCommand.Build(),
            HistoryCommand.Build(),
            WhyCommand.Build(),
            RoutesCommand.Build(),
            CheckCommand.Build(),
            ConfigureCommand.Build(),
            SplitCommand.Build(),
            RedactCommand.Build());

        var root = new ProgramCommand("Defines pools, nodes and reservations, and assigns addresses out of them.", terminal);
        Add(
            root,
            terminal,
            ApplyCommand.Build(),
            CreateCommand.Build(),
            ReplaceCommand.Build(),
            DeleteCommand.Build(),
            GetCommand.Build(),
            PatchCommand.Build(),
            LabelCommand.Build(),
            DiffCommand.Build(),
            ValidateCommand.Build(),
            ExplainCommand.Build(),
            ReadyCommand.Build(),
            ChangesCommand.Build(),
            SimCommand.Build(),
            BenchCommand.Build(),
            CompletionCommand.Build(),
            BackupCommand.Build(),
            RestoreCommand.Build(),
            WhoAmICommand.Build(),
            VersionCommand.Build());
        root.Add(ipam);
        var ingest = new ExampleCommand("ingest", "Looks at the folder of definitions the member watches.") { Examples = [("Is every definition applied?", "ipamctl ingest status")] };
        Add(ingest, terminal, IngestCommand.Status());
        root.Add(ingest);
        var actor = new ExampleCommand("actor", "Looks at the actors of a member.") { Examples = [("What is activated?", "ipamctl actor list")] };
        Add(actor, terminal, ActorCommand.List(), ActorCommand.Show());
        root.Add(actor);
        var journal = new ExampleCommand("journal", "Reads what was recorded, and moves it to another storage.") { Examples = [("What happens now?", "ipamctl journal tail")] };
        Add(journal, terminal, JournalCommand.Show(), JournalCommand.Tail(), MoveCommand.Build());
        root.Add(journal);
        Add(root, terminal, ConsoleCommand.Build());
        var cluster = new ExampleCommand("cluster", "Looks at the members of the cluster, sends one away, and makes their certificates.") { Examples = [("Who is there?", "ipamctl cluster show")] };
        Add(cluster, terminal, ClusterCommands.Show(), ClusterCommands.Leave(), CertificatesCommand.Build());
        root.Add(cluster);
        var sharding = new ExampleCommand("sharding", "Looks at how keys are spread over members.") { Examples = [("Does each member have its share?", "ipamctl sharding show")] };
        Add(sharding, terminal, ShardingCommand.Show());
        root.Add(sharding);
        var token = new ExampleCommand("token", "Makes, lists and revokes the tokens by which callers are known.") { Examples = [("Who may call?", "ipamctl token list")] };
        Add(token, terminal, TokenCreateCommand.Build(), TokenListCommand.Build(), TokenRevokeCommand.Build());
        root.Add(token);
        var recovery = new ExampleCommand("recovery", "Brings a journal that was restored back to work: hosts report what they hold, then it is ended.") { Examples = [("Who has not reported?", "ipamctl recovery show")] };
        Add(recovery, terminal, RecoveryCommands.Show(), RecoveryCommands.Report(), RecoveryCommands.End());
        root.Add(recovery);
        foreach (var option in GlobalOptions.All)
        {
            root.Add(option);
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            var usual = (HelpAction)help.Action!;
            usual.MaxWidth = terminal.Width;
            help.Action = new ExampleHelp(usual);
        }

        Suggestions.Attach(root);
        return root;
    }

    private static void Add(Command parent, Terminal terminal, params ReadOnlySpan<(ExampleCommand Command, CommandBody Body)> commands)
    {
        foreach (var (command, body) in commands)
        {
            command.SetAction((parsed, cancellation) => RunOneAsync(parsed, terminal, body, cancellation));
            parent.Add(command);
        }
    }

    private static async Task<int> RunOneAsync(ParseResult parsed, Terminal terminal, CommandBody body, CancellationToken cancellation)
    {
        try
        {
            using var session = new Session(parsed, terminal);
            return await body(parsed, session, cancellation);
        }
        catch (ApiException e) when (e.Status.Code == 401)
        {
            await terminal.Error.WriteLineAsync($"{Program}: {e.Message} {Connection.CredentialsHint}");
            return 1;
        }
        catch (Exception e) when (e is CommandFailure or ApiException or ServerUnreachableException or CareException)
        {
            await terminal.Error.WriteLineAsync($"{Program}: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync($"{Program}: interrupted.");
            return 1;
        }
    }
}
