using System.Buffers;
using System.Collections.Immutable;

namespace ActorIpam.Domain.Selectors;

/// <summary>Cuts a selector into tokens (semantics.md §3.1, §3.2).</summary>
/// <remarks>
/// A word is an operator only directly after a key, and <c>has(</c>, <c>all(</c> and <c>global(</c> count only where no key stands before:
/// that is why <c>in in {"in"}</c> is legal and why the tokenizer must know its last token.
/// </remarks>
internal sealed class SelectorTokenizer(string text)
{
    /// <summary>The longest key, in characters.</summary>
    private const int LongestKey = 512;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-");

    private readonly ImmutableArray<Token>.Builder _tokens = ImmutableArray.CreateBuilder<Token>();
    private int _at;

    /// <returns>All tokens with <see cref="TokenKind.End"/> as the last, or the first error.</returns>
    public SelectorError? Read(out ImmutableArray<Token> tokens)
    {
        tokens = [];
        for (SkipBlanks(); _at < text.Length; SkipBlanks())
        {
            var afterKey = _tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Key;
            if ((afterKey ? ReadOperator() : ReadOther()) is { } error)
            {
                return error;
            }
        }

        _tokens.Add(new(TokenKind.End, text.Length));
        tokens = _tokens.ToImmutable();
        return null;
    }

    private SelectorError? ReadOperator()
    {
        if (TakeSymbol("==", TokenKind.Equal) || TakeSymbol("!=", TokenKind.NotEqual)
            || TakeWords(TokenKind.Contains, "contains")
            || TakeWords(TokenKind.StartsWith, "starts", "with")
            || TakeWords(TokenKind.EndsWith, "ends", "with")
            || TakeWords(TokenKind.In, "in")
            || TakeWords(TokenKind.NotIn, "not", "in"))
        {
            return null;
        }

        return new(_at, $"After the key '{_tokens[^1].Text}' comes ==, !=, contains, starts with, ends with, in or not in");
    }

    private SelectorError? ReadOther() => text[_at] switch
    {
        '"' or '\'' => ReadText(),
        '(' => Take(1, TokenKind.OpenParenthesis),
        ')' => Take(1, TokenKind.CloseParenthesis),
        '{' => Take(1, TokenKind.OpenBrace),
        '}' => Take(1, TokenKind.CloseBrace),
        ',' => Take(1, TokenKind.Comma),
        '!' => Take(1, TokenKind.Not),
        '&' when StandsHere("&&") => Take(2, TokenKind.And),
        '|' when StandsHere("||") => Take(2, TokenKind.Or),
        'h' when StandsHere("has(") => ReadHas(),
        'a' when StandsHere("all(") => ReadEmptyCall("all(", TokenKind.All),
        'g' when StandsHere("global(") => ReadEmptyCall("global(", TokenKind.Global),
        var c when KeyCharacters.Contains(c) => ReadKey(),
        var c => new SelectorError(_at, $"The character '{(char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())}' has no meaning here"),
    };

    private SelectorError? ReadText()
    {
        var close = text.IndexOf(text[_at], _at + 1);
        if (close < 0)
        {
            return new(_at, $"The quote {text[_at]} is never closed");
        }

        _tokens.Add(new(TokenKind.Text, _at, text[(_at + 1)..close]));
        _at = close + 1;
        return null;
    }

    private SelectorError? ReadKey()
    {
        var start = _at;
        if (TakeKey(out var key) is { } error)
        {
            return error;
        }

        _tokens.Add(new(TokenKind.Key, start, key));
        return null;
    }

    private SelectorError? ReadHas()
    {
        var start = _at;
        _at += "has(".Length;
        SkipBlanks();
        if (TakeKey(out var key) is { } error)
        {
            return error;
        }

        _tokens.Add(new(TokenKind.Has, start, key));
        return CloseCall("has(");
    }

    private SelectorError? ReadEmptyCall(string opening, TokenKind kind)
    {
        _tokens.Add(new(kind, _at));
        _at += opening.Length;
        return CloseCall(opening);
    }

    private SelectorError? CloseCall(string opening)
    {
        SkipBlanks();
        if (_at >= text.Length || text[_at] != ')')
        {
            return new(_at, $"The parenthesis of '{opening}' must be closed here");
        }

        _at++;
        return null;
    }

    private SelectorError? TakeKey(out string key)
    {
        var rest = text.AsSpan(_at);
        var length = rest.IndexOfAnyExcept(KeyCharacters);
        length = length < 0 ? rest.Length : length;
        key = "";
        if (length is 0 or > LongestKey)
        {
            return new(_at, length == 0 ? "A key is expected here, without quotes" : $"A key has at most {LongestKey} characters");
        }

        key = rest[..length].ToString();
        _at += length;
        return null;
    }

    private SelectorError? Take(int length, TokenKind kind)
    {
        _tokens.Add(new(kind, _at));
        _at += length;
        return null;
    }

    private bool TakeSymbol(string symbol, TokenKind kind)
    {
        if (!StandsHere(symbol))
        {
            return false;
        }

        Take(symbol.Length, kind);
        return true;
    }

    /// <summary>Takes words with any blanks, or none, between them; what follows the last must not prolong it.</summary>
    private bool TakeWords(TokenKind kind, params ReadOnlySpan<string> words)
    {
        var start = _at;
        foreach (var word in words)
        {
            SkipBlanks();
            if (!StandsHere(word))
            {
                _at = start;
                return false;
            }

            _at += word.Length;
        }

        if (_at < text.Length && KeyCharacters.Contains(text[_at]))
        {
            _at = start;
            return false;
        }

        _tokens.Add(new(kind, start));
        return true;
    }

    private bool StandsHere(string word) => text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal);

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is (' ' or '\t'))
        {
            _at++;
        }
    }
}
