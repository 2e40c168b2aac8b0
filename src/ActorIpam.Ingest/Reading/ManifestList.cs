using System.Collections.Immutable;
using System.Text.Json;

namespace ActorIpam.Ingest;

/// <summary>Takes lists apart: a top-level array, or a kind that ends in List with its items.</summary>
internal static class ManifestList
{
    private static readonly string[] Fields = ["apiVersion", "kind", "metadata", "items"];

    /// <summary>The resources in the node, in order; lists may hold lists. Empty array elements are skipped as empty documents are.</summary>
    /// <exception cref="UnreadableException">A list has no items, or more than items.</exception>
    public static IEnumerable<SourceNode> Items(SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Scalar { Kind: JsonValueKind.Null }:
                return [];
            case SourceNode.Sequence sequence:
                return sequence.Items.SelectMany(Items);
            case SourceNode.Mapping list when IsList(list):
                return ItemsOf(list).SelectMany(Items);
            default:
                return [node];
        }
    }

    private static bool IsList(SourceNode.Mapping node) =>
        node.Get("kind") is SourceNode.Scalar { Kind: JsonValueKind.String } kind && kind.Text.EndsWith("List", StringComparison.Ordinal);

    private static ImmutableArray<SourceNode> ItemsOf(SourceNode.Mapping list)
    {
        if (list.Members.FirstOrDefault(m => !Fields.Contains(m.Key)) is { } unknown)
        {
            throw new UnreadableException(unknown.At, $"{unknown.Key} is not a field of a list.");
        }

        return list.Get("items") switch
        {
            SourceNode.Sequence items => items.Items,
            null or SourceNode.Scalar { Kind: JsonValueKind.Null } => throw new UnreadableException(list.At, "A list needs items."),
            var other => throw new UnreadableException(other.At, "items must be a list of resources."),
        };
    }
}
