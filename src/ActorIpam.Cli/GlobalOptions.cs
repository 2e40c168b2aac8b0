using System.CommandLine;

namespace ActorIpam.Cli;

/// <summary>The options every command takes (api.md §4).</summary>
internal static class GlobalOptions
{
    public const string ServerVariable = "IPAM_SERVER";
    public const string TokenVariable = "IPAM_TOKEN";
    public const string DefaultServer = "http://127.0.0.1:7080";

    public static readonly Option<string?> Server = new("--server")
    {
        Description = $"Where ipamd answers: URL[,URL…] or unix:/PATH; the next one is tried when one does not answer. Also {ServerVariable}. [default: {DefaultServer}]",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string?> Token = new("--token")
    {
        Description = $"The token to present. Also {TokenVariable}.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    public static readonly Option<string?> Ca = new("--ca")
    {
        Description = "Trust https members whose certificates these authorities (PEM) have signed, and no others.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "How to print: table, wide, yaml, json, name, custom-columns=A,B.",
        HelpName = "FORMAT",
        CompletionSources = { "table", "wide", "yaml", "json", "name", "custom-columns=" },
        Recursive = true,
    };

    public static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours, as in a pipe. Also NO_COLOR.",
        Recursive = true,
    };

    public static IEnumerable<Option> All => [Server, Token, Ca, Output, NoColor];
}
