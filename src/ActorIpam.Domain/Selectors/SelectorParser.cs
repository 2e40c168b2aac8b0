using System.Collections.Immutable;
using System.Text;

namespace ActorIpam.Domain.Selectors;

/// <summary>Reads tokens by the grammar of semantics.md §3.1, one method a rule.</summary>
internal sealed class SelectorParser(ImmutableArray<Token> tokens)
{
    /// <summary>How deep parentheses may nest: deeper than any selector that a resource may carry, far from the end of the stack.</summary>
    private const int DeepestNesting = 512;

    private int _at;
    private int _depth;

    private Token Here => tokens[_at];

    public SelectorError? Read(out SelectorNode? root)
    {
        root = null;
        if (Here.Kind == TokenKind.End)
        {
            root = new SelectorNode.Everything("all()");
            return null;
        }

        var error = ReadOr(out root);
        return error is null && Here.Kind != TokenKind.End ? new(Here.Position, "Only &&, || or the end can follow here") : error;
    }

    private SelectorError? ReadOr(out SelectorNode? node) => ReadGroup(TokenKind.Or, out node);

    /// <summary>Reads operands of one level; an or-group has and-groups as operands, an and-group has unaries.</summary>
    private SelectorError? ReadGroup(TokenKind joint, out SelectorNode? node)
    {
        node = null;
        var operands = ImmutableArray.CreateBuilder<SelectorNode>();
        do
        {
            var error = joint == TokenKind.Or ? ReadGroup(TokenKind.And, out var operand) : ReadUnary(out operand);
            if (error is not null)
            {
                return error;
            }

            operands.Add(operand!);
        }
        while (Skip(joint));

        node = operands.Count == 1 ? operands[0] : new SelectorNode.Group(joint == TokenKind.And, operands.ToImmutable());
        return null;
    }

    private SelectorError? ReadUnary(out SelectorNode? node)
    {
        var negated = false;
        while (Skip(TokenKind.Not))
        {
            negated = !negated;
        }

        var error = ReadPrimary(out node);
        if (error is null && negated)
        {
            // Behind parentheses that vanish, a run of signs may go on: !(!(a)) is written as a is.
            node = node is SelectorNode.Not inner ? inner.Inner : new SelectorNode.Not(node!);
        }

        return error;
    }

    private SelectorError? ReadPrimary(out SelectorNode? node)
    {
        node = null;
        var token = tokens[_at];
        switch (token.Kind)
        {
            case TokenKind.OpenParenthesis:
                return ReadParentheses(out node);
            case TokenKind.All or TokenKind.Global:
                _at++;
                node = new SelectorNode.Everything(token.Kind == TokenKind.All ? "all()" : "global()");
                return null;
            case TokenKind.Has:
                _at++;
                node = new SelectorNode.Has(token.Text);
                return null;
            case TokenKind.Key:
                _at++;
                return ReadComparison(token.Text, out node);
            default:
                return new(token.Position, "A key, has(…), all() or a parenthesis is expected here");
        }
    }

    private SelectorError? ReadParentheses(out SelectorNode? node)
    {
        node = null;
        var open = Here;
        if (++_depth > DeepestNesting)
        {
            return new(open.Position, $"Parentheses nest at most {DeepestNesting} deep");
        }

        _at++;
        if (ReadOr(out node) is { } error)
        {
            return error;
        }

        _depth--;
        return Skip(TokenKind.CloseParenthesis) ? null : new(Here.Position, $"The parenthesis of character {open.Position + 1} must be closed here");
    }

    private SelectorError? ReadComparison(string key, out SelectorNode? node)
    {
        node = null;
        var sign = Here;
        if (sign.Kind is TokenKind.End)
        {
            return new(sign.Position, $"The key '{key}' needs an operator");
        }

        _at++;
        if (sign.Kind is TokenKind.In or TokenKind.NotIn)
        {
            return ReadSet(key, sign.Kind == TokenKind.In, out node);
        }

        if (Here.Kind != TokenKind.Text)
        {
            return new(Here.Position, "A value in quotes is expected here");
        }

        node = new SelectorNode.Comparison(key, sign.Kind, Here.Text);
        _at++;
        return null;
    }

    private SelectorError? ReadSet(string key, bool inside, out SelectorNode? node)
    {
        node = null;
        if (!Skip(TokenKind.OpenBrace))
        {
            return new(Here.Position, "A set in braces is expected here");
        }

        var members = new List<string>();
        while (Here.Kind == TokenKind.Text)
        {
            members.Add(Here.Text);
            _at++;
            if (!Skip(TokenKind.Comma))
            {
                break;
            }
        }

        if (!Skip(TokenKind.CloseBrace))
        {
            return new(Here.Position, "The set needs a value in quotes, a comma or its closing brace here");
        }

        node = new SelectorNode.Membership(key, inside, [.. members.Distinct(StringComparer.Ordinal).Order(ByteOrder)]);
        return null;
    }

    /// <summary>The order of the UTF-8 bytes, which is not that of UTF-16 characters beyond the basic plane.</summary>
    private static readonly Comparer<string> ByteOrder = Comparer<string>.Create((left, right) =>
    {
        var byBytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
        return byBytes != 0 ? byBytes : string.CompareOrdinal(left, right);
    });

    private bool Skip(TokenKind kind)
    {
        if (Here.Kind != kind)
        {
            return false;
        }

        _at++;
        return true;
    }
}
