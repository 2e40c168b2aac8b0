using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace ActorIpam.Domain.Selectors;

/// <summary>A selector as a tree. What an absent label means is semantics.md §3.3, how a node is written is §3.4.</summary>
internal abstract record SelectorNode
{
    private SelectorNode() { }

    public abstract bool Matches(IReadOnlyDictionary<string, string> labels);

    public abstract void WriteTo(StringBuilder text);

    /// <summary>The labels it asks for, in the order it asks.</summary>
    public virtual IEnumerable<string> Keys => [];

    public sealed record Everything(string Written) : SelectorNode
    {
        public override bool Matches(IReadOnlyDictionary<string, string> labels) => true;

        public override void WriteTo(StringBuilder text) => text.Append(Written);
    }

    public sealed record Has(string Key) : SelectorNode
    {
        public override IEnumerable<string> Keys => [Key];

        public override bool Matches(IReadOnlyDictionary<string, string> labels) => labels.ContainsKey(Key);

        public override void WriteTo(StringBuilder text) => text.Append("has(").Append(Key).Append(')');
    }

    /// <summary>A key against one value; <see cref="Operator"/> is one of those that take a text.</summary>
    public sealed record Comparison(string Key, TokenKind Operator, string Value) : SelectorNode
    {
        public override IEnumerable<string> Keys => [Key];

        public override bool Matches(IReadOnlyDictionary<string, string> labels) => labels.TryGetValue(Key, out var label)
            ? Operator switch
            {
                TokenKind.Equal => label == Value,
                TokenKind.NotEqual => label != Value,
                TokenKind.Contains => label.Contains(Value, StringComparison.Ordinal),
                TokenKind.StartsWith => label.StartsWith(Value, StringComparison.Ordinal),
                _ => label.EndsWith(Value, StringComparison.Ordinal),
            }
            : Operator == TokenKind.NotEqual;

        public override void WriteTo(StringBuilder text) => WriteQuoted(text.Append(Key).Append(Operator switch
        {
            TokenKind.Equal => " == ",
            TokenKind.NotEqual => " != ",
            TokenKind.Contains => " contains ",
            TokenKind.StartsWith => " starts with ",
            _ => " ends with ",
        }), Value);
    }

    /// <param name="Key">The label.</param>
    /// <param name="Inside">True for <c>in</c>, false for <c>not in</c>.</param>
    /// <param name="Members">Sorted by byte value, without repeats.</param>
    public sealed record Membership(string Key, bool Inside, ImmutableArray<string> Members) : SelectorNode
    {
        private readonly FrozenSet<string> _members = Members.ToFrozenSet(StringComparer.Ordinal);

        public override IEnumerable<string> Keys => [Key];

        public override bool Matches(IReadOnlyDictionary<string, string> labels) =>
            (labels.TryGetValue(Key, out var label) && _members.Contains(label)) == Inside;

        public override void WriteTo(StringBuilder text)
        {
            text.Append(Key).Append(Inside ? " in {" : " not in {");
            for (var i = 0; i < Members.Length; i++)
            {
                WriteQuoted(i == 0 ? text : text.Append(", "), Members[i]);
            }

            text.Append('}');
        }
    }

    public sealed record Not(SelectorNode Inner) : SelectorNode
    {
        public override IEnumerable<string> Keys => Inner.Keys;

        public override bool Matches(IReadOnlyDictionary<string, string> labels) => !Inner.Matches(labels);

        public override void WriteTo(StringBuilder text) => Inner.WriteTo(text.Append('!'));
    }

    /// <summary>Two or more operands joined by one operator, in their written order and nesting.</summary>
    public sealed record Group(bool IsAnd, ImmutableArray<SelectorNode> Operands) : SelectorNode
    {
        public override IEnumerable<string> Keys => Operands.SelectMany(static operand => operand.Keys);

        public override bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            foreach (var operand in Operands)
            {
                if (operand.Matches(labels) != IsAnd)
                {
                    return !IsAnd;
                }
            }

            return IsAnd;
        }

        public override void WriteTo(StringBuilder text)
        {
            text.Append('(');
            for (var i = 0; i < Operands.Length; i++)
            {
                Operands[i].WriteTo(i == 0 ? text : text.Append(IsAnd ? " && " : " || "));
            }

            text.Append(')');
        }
    }

    /// <summary>A value never holds both kinds of quotes: the language cannot write one.</summary>
    private static void WriteQuoted(StringBuilder text, string value)
    {
        var quote = value.Contains('"', StringComparison.Ordinal) ? '\'' : '"';
        text.Append(quote).Append(value).Append(quote);
    }
}
