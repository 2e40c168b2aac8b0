using ActorIpam.Domain.Selectors;

namespace ActorIpam.Domain.Resources;

/// <summary>What a pool's selectors must be, beyond the language itself (semantics.md §2.2).</summary>
internal static class SelectorRules
{
    private const int LongestSelector = 1024;

    public static void CheckNode(string field, string? text, Findings found) =>
        Check(field, text, new(RefusalCode.NodeSelectorSyntax, RefusalCode.NodeSelectorGlobal, RefusalCode.NodeSelectorTooLong), found);

    public static void CheckNamespace(string field, string? text, Findings found) =>
        Check(field, text, new(RefusalCode.NamespaceSelectorSyntax, RefusalCode.NamespaceSelectorGlobal, RefusalCode.NamespaceSelectorTooLong), found);

    private static void Check(string field, string? text, Codes codes, Findings found)
    {
        if (text is null)
        {
            return;
        }

        var length = text.EnumerateRunes().Count();
        if (length > LongestSelector)
        {
            found.Add(codes.TooLong, field, $"has {length} characters; at most {LongestSelector} are allowed");
        }

        // A plain search in the text, inside quotes too, as other tools do it.
        if (text.Contains("global(", StringComparison.Ordinal))
        {
            found.Add(codes.Global, field, "must not contain 'global('");
        }

        if (!Selector.TryParse(text, out _, out var error))
        {
            found.Add(codes.Syntax, field, $"is no selector: {error}");
        }
    }

    private readonly record struct Codes(RefusalCode Syntax, RefusalCode Global, RefusalCode TooLong);
}
