using System.CommandLine;

namespace ActorIpam.Cli;

/// <summary>The options every command takes (api.md §4).</summary>
internal static class GlobalOptions
{
    public const string ServerVariable = "IPAM_SERVER";
    public const string TokenVariable = "IPAM_TOKEN";
    public const string TokenFileVariable = "IPAM_TOKEN_FILE";
    public const string CaVariable = "IPAM_CA";
    public const string CertVariable = "IPAM_CERT";
    public const string KeyVariable = "IPAM_KEY";
    public const string DefaultServer = "http://127.0.0.1:7080";

    public static readonly Option<string?> Server = new("--server")
    {
        Description = $"Where ipamd answers: URL[,URL…] or unix:/PATH; the next one is tried when one does not answer. Also {ServerVariable}. [default: {DefaultServer}]",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string?> Token = new("--token")
    {
        Description = $"The token to present. Also {TokenVariable}, which other users of this machine cannot see.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    public static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = $"A file with the token to present. Also {TokenFileVariable}.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<bool> AllowPlainToken = new("--allow-plain-token")
    {
        Description = "Send the token over plain http to other machines too, where whoever is between can read it.",
        Recursive = true,
    };

    public static readonly Option<string?> Ca = new("--ca")
    {
        Description = $"Trust https members whose certificates these authorities (PEM) have signed, and no others. Also {CaVariable}.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<string?> Cert = new("--cert")
    {
        Description = $"The certificate (PEM) to present to https members; with --key. Also {CertVariable}.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<string?> Key = new("--key")
    {
        Description = $"The private key (PEM) of --cert. Also {KeyVariable}.",
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

    public static IEnumerable<Option> All => [Server, Token, TokenFile, AllowPlainToken, Ca, Cert, Key, Output, NoColor];
}
