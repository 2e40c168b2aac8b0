using System.Collections.Immutable;

namespace ActorIpam.Cli.Printing;

internal enum OutputKind
{
    Table,
    Wide,
    Yaml,
    Json,
    Name,
    CustomColumns,
}

/// <summary>What <c>-o</c> says.</summary>
/// <param name="Kind">The format.</param>
/// <param name="Columns">The headings of custom columns, in upper case.</param>
internal sealed record OutputFormat(OutputKind Kind, ImmutableArray<string> Columns)
{
    private const string CustomColumns = "custom-columns";

    /// <summary>Formats of kubectl and calicoctl that bring a language of their own.</summary>
    private static readonly ImmutableArray<string> NotMade = ["go-template-file", "go-template", "jsonpath-as-json", "jsonpath-file", "jsonpath", "template"];

    public bool IsTabular => Kind is OutputKind.Table or OutputKind.Wide;

    /// <exception cref="CommandFailure">There is no such format.</exception>
    public static OutputFormat Parse(string? text) => text switch
    {
        null or "" or "table" or "ps" => new(OutputKind.Table, []),
        "wide" => new(OutputKind.Wide, []),
        "yaml" or "yml" => new(OutputKind.Yaml, []),
        "json" => new(OutputKind.Json, []),
        "name" => new(OutputKind.Name, []),
        _ when text.StartsWith(CustomColumns + "=", StringComparison.Ordinal) => ParseColumns(text[(CustomColumns.Length + 1)..]),
        CustomColumns => throw new CommandFailure($"-o {CustomColumns} needs headings: -o {CustomColumns}=NAME,CIDR."),
        _ when NotMade.FirstOrDefault(f => text.StartsWith(f, StringComparison.Ordinal)) is { } format =>
            throw new CommandFailure($"-o {format} is not made here: use -o {CustomColumns}=A,B, or -o json and a program such as jq."),
        _ => throw new CommandFailure($"There is no output format '{text}': use table, wide, yaml, json, name or {CustomColumns}=A,B."),
    };

    private static OutputFormat ParseColumns(string list)
    {
        ImmutableArray<string> columns = [.. list.Split(',', StringSplitOptions.TrimEntries).Select(c => c.ToUpperInvariant())];
        return columns.Any(c => c.Length == 0)
            ? throw new CommandFailure($"-o {CustomColumns} needs headings: -o {CustomColumns}=NAME,CIDR.")
            : new(OutputKind.CustomColumns, columns);
    }
}
