using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ActorIpam.Domain.Selectors;

/// <summary>A question to labels, as pools ask it of nodes and namespaces (semantics.md §3). Immutable.</summary>
/// <remarks>Two selectors are equal when their normal forms are.</remarks>
public sealed class Selector : IEquatable<Selector>
{
    /// <summary>How many labels a sentence about a selector names.</summary>
    private const int MostSeen = 5;

    private readonly SelectorNode _root;

    private Selector(SelectorNode root)
    {
        _root = root;
        var text = new StringBuilder();
        root.WriteTo(text);
        Canonical = text.ToString();
    }

    /// <summary>The selector that matches everything, <c>all()</c>.</summary>
    public static Selector All { get; } = new(new SelectorNode.Everything("all()"));

    /// <summary>The normal form of semantics.md §3.4: parsing it gives an equal selector.</summary>
    public string Canonical { get; }

    /// <summary>The identity of the normal form, 40 characters, starting with <c>s:</c>.</summary>
    public string Uid => "s:" + Convert.ToBase64String(Sha224.Hash(Encoding.UTF8.GetBytes("s:" + Canonical)))
        .TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Parses a selector. Null and nothing but blanks select everything. Never throws.</summary>
    /// <param name="text">The text.</param>
    /// <param name="selector">The selector, when it is one.</param>
    /// <param name="error">Where and why reading stopped, when it is none.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Selector? selector, out SelectorError error)
    {
        selector = null;
        SelectorNode? root = null;
        if ((new SelectorTokenizer(text ?? "").Read(out var tokens) ?? new SelectorParser(tokens).Read(out root)) is { } problem)
        {
            error = problem;
            return false;
        }

        error = default;
        selector = new(root!);
        return true;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _root.Matches(labels);

    /// <summary>Why these labels do not match, as far as they matter: each label the selector asks for, with its value or that it is missing; <c>zone=b, no rack</c>.</summary>
    /// <param name="labels">The labels that were judged.</param>
    public string Seen(IReadOnlyDictionary<string, string> labels) => string.Join(
        ", ", _root.Keys.Distinct(StringComparer.Ordinal).Take(MostSeen).Select(key => labels.TryGetValue(key, out var value) ? $"{key}={value}" : $"no {key}"));

    public bool Equals(Selector? other) => other is not null && other.Canonical == Canonical;

    public override bool Equals(object? obj) => Equals(obj as Selector);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Canonical);

    public override string ToString() => Canonical;
}
