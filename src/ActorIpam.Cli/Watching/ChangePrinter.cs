using System.Text.Json;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;

namespace ActorIpam.Cli.Watching;

/// <summary>Prints changes as they come: table rows under one line of headings, or an event as a JSON line or a YAML document each.</summary>
internal sealed class ChangePrinter(OutputFormat format, ResourceKind kind, TextWriter output)
{
    /// <summary>Columns are at least so wide, for nobody knows what is still to come.</summary>
    private const int LeastWidth = 12;

    private int[]? _widths;

    public void Print(ResourceChange change)
    {
        var resource = change.Resource!;
        switch (format.Kind)
        {
            case OutputKind.Json:
                output.WriteLine(Event(change));
                break;
            case OutputKind.Yaml:
                using (var json = JsonDocument.Parse(Event(change)))
                {
                    output.WriteLine("---");
                    output.Write(YamlText.Write(json.RootElement));
                }

                break;
            case OutputKind.Name:
                output.WriteLine($"{ResourceKinds.Of(kind).Singular}.{ResourceKinds.ApiGroup}/{resource.Metadata.Name}");
                break;
            default:
                PrintRow(change, resource);
                break;
        }

        output.Flush();
    }

    private void PrintRow(ResourceChange change, Resource resource)
    {
        var columns = ResourceColumns.Choose(kind, format);
        string[] headings = ["EVENT", .. columns.Select(c => c.Heading)];
        string[] cells = [Word(change), .. columns.Select(c => c.Value(resource))];
        if (_widths is null)
        {
            _widths = [.. headings.Select((heading, i) => Math.Max(Math.Max(heading.Length, cells[i].Length), LeastWidth) + 3)];
            Write(headings, _widths);
        }

        Write(cells, _widths);
    }

    private void Write(string[] cells, int[] widths) =>
        output.WriteLine(string.Concat(cells.Select((cell, i) => cell.Length < widths[i] ? cell.PadRight(widths[i]) : cell + "   ")).TrimEnd());

    private static string Event(ResourceChange change) => $$"""{"type":"{{Word(change)}}","object":{{ResourceJson.Write(change.Resource!)}}}""";

    private static string Word(ResourceChange change) => change.Type.ToString().ToUpperInvariant();
}
