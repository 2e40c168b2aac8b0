namespace ActorIpam.Domain.Selectors;

internal enum TokenKind
{
    Key,
    Text,
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    In,
    NotIn,
    Has,
    All,
    Global,
    Not,
    And,
    Or,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    Comma,
    End,
}

/// <param name="Kind">What it is.</param>
/// <param name="Position">The number of characters before it.</param>
/// <param name="Text">The key (also that of <c>has(key)</c>) or the content of the quotes; empty for all others.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text = "");
