using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ActorIpam.Server.Hosting;

namespace ActorIpam.Server.Options;

/// <summary>From arguments to an exit code: 0 done, 1 it could not start or serve, 2 bad options.</summary>
internal static class CommandLine
{
    private const int BadOptions = 2;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors)
    {
        var config = new Option<string?>("--config") { HelpName = "FILE", Description = "A JSON file with the same settings, without the dashes (IPAM_CONFIG)." };
        var known = KnownOption.All.ToDictionary(
            o => o, o => new Option<string?>(o.Flag) { HelpName = o.Shape, Description = $"{o.Meaning} ({o.Variable})" });
        var root = new RootCommand("ipamd, a member of ActorIpam: assigns IP addresses and answers who holds them.") { config };
        foreach (var option in known.Values)
        {
            root.Add(option);
        }

        root.SetAction((parsed, _) => StartAsync(o => Given(parsed, known[o]), Given(parsed, config), output, errors));
        var result = root.Parse(arguments);
        if (result.Errors.Count > 0 && result.Action is not HelpAction)
        {
            return Complain(errors, result.Errors[0].Message, BadOptions);
        }

        // A signal ends the web host, which drains; the command line must not end the process before.
        return await result.InvokeAsync(new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>Prints one line, whatever the message looks like.</summary>
    public static int Complain(TextWriter errors, string message, int exitCode)
    {
        errors.WriteLine("ipamd: " + message.ReplaceLineEndings(" ").Trim());
        return exitCode;
    }

    private static async Task<int> StartAsync(Func<KnownOption, string?> onCommandLine, string? config, TextWriter output, TextWriter errors)
    {
        ServerOptions options;
        try
        {
            var file = ConfigurationFile.Read(config ?? Environment.GetEnvironmentVariable("IPAM_CONFIG"));
            options = ServerOptions.Read(o => onCommandLine(o) ?? Environment.GetEnvironmentVariable(o.Variable) ?? file.GetValueOrDefault(o.Name));
        }
        catch (BadOptionException e)
        {
            return Complain(errors, e.Message, BadOptions);
        }

        return await Serving.RunAsync(options, output, errors);
    }

    private static string? Given(ParseResult parsed, Option<string?> option) =>
        parsed.GetResult(option) is OptionResult { Implicit: false } result ? result.GetValueOrDefault<string?>() : null;
}
