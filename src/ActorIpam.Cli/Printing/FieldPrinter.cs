using System.Globalization;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Printing;

/// <summary>Prints what a field means, in the order kubectl explain has made usual.</summary>
internal sealed class FieldPrinter(TextWriter output, int width)
{
    public void Print(ResourceKind kind, FieldSchema field, bool recursive)
    {
        output.WriteLine($"KIND:     {ResourceKinds.Of(kind).Name}");
        output.WriteLine($"VERSION:  {ResourceKinds.ApiVersion}");
        output.WriteLine();
        if (field.Name.Length > 0)
        {
            output.WriteLine($"FIELD:    {Head(field)}");
            output.WriteLine();
        }

        output.WriteLine("DESCRIPTION:");
        Describe(field, "    ");
        if (field.Fields.IsEmpty)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("FIELDS:");
        foreach (var inner in field.Fields)
        {
            PrintField(inner, "  ", recursive);
        }
    }

    private void PrintField(FieldSchema field, string indent, bool recursive)
    {
        output.WriteLine(indent + Head(field));
        if (!recursive)
        {
            Describe(field, indent + "  ");
            return;
        }

        foreach (var inner in field.Fields)
        {
            PrintField(inner, indent + "  ", recursive);
        }
    }

    private void Describe(FieldSchema field, string indent)
    {
        Wrap(field.Description, indent);
        foreach (var fact in Facts(field))
        {
            Wrap(fact, indent);
        }
    }

    private static IEnumerable<string> Facts(FieldSchema field)
    {
        if (!field.EnumValues.IsEmpty)
        {
            yield return $"One of: {string.Join(", ", field.EnumValues)}.";
        }

        if (field.Default is { } value)
        {
            yield return $"Default: {value}.";
        }

        if (field is { Minimum: { } least, Maximum: { } most })
        {
            yield return $"From {Number(least)} to {Number(most)}.";
        }

        if (field.IsImmutable)
        {
            yield return "It cannot change after creation.";
        }

        if (field.IsReadOnly)
        {
            yield return "It is set by the system.";
        }
    }

    private static string Head(FieldSchema field) => $"{field.Name} <{TypeName(field.Type)}>{(field.IsRequired ? " (required)" : "")}";

    private static string TypeName(FieldType type) => type switch
    {
        FieldType.Text => "string",
        FieldType.Whole => "integer",
        FieldType.TextOrWhole => "string or integer",
        FieldType.Flag => "boolean",
        FieldType.Time => "time",
        FieldType.TextMap => "map[string]string",
        FieldType.TextList => "[]string",
        FieldType.StructureList => "[]object",
        FieldType.Structure => "object",
        _ => "any",
    };

    private void Wrap(string text, string indent)
    {
        var line = indent;
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length > width && line.Length > indent.Length)
            {
                output.WriteLine(line.TrimEnd());
                line = indent;
            }

            line += word + " ";
        }

        output.WriteLine(line.TrimEnd());
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
