using System.Collections.Immutable;

namespace ActorIpam.Domain.Resources;

/// <summary>The JSON type of a field.</summary>
public enum FieldType
{
    Text,

    /// <summary>A whole number that fits 32 bits.</summary>
    Whole,

    /// <summary>A text, or a whole number that is kept as its text.</summary>
    TextOrWhole,
    Flag,

    /// <summary>RFC 3339.</summary>
    Time,

    /// <summary>Texts by name.</summary>
    TextMap,
    TextList,
    Structure,
    StructureList,

    /// <summary>Accepted in any shape and not looked at: others write it.</summary>
    Ignored,
}

/// <summary>One field of a resource, for strict reading, for the API's description and for <c>explain</c>.</summary>
/// <param name="Name">The name in JSON; empty for the root.</param>
/// <param name="Type">Its type.</param>
/// <param name="Description">One sentence.</param>
public sealed record FieldSchema(string Name, FieldType Type, string Description)
{
    /// <summary>What holds when it is left out, as JSON; null if nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>The only values of a text, or of the entries of a list; empty if any will do.</summary>
    public ImmutableArray<string> EnumValues { get; init; } = [];

    public bool IsRequired { get; init; }

    /// <summary>It cannot change after creation.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>The catalog sets it.</summary>
    public bool IsReadOnly { get; init; }

    public long? Minimum { get; init; }

    public long? Maximum { get; init; }

    /// <summary>The fields of an object, or of each object of a list.</summary>
    public ImmutableArray<FieldSchema> Fields { get; init; } = [];

    public FieldSchema? Field(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }
}
