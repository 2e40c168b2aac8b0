namespace ActorIpam.Fuzzing;

/// <summary>Wounds a text: cuts, repeats, swaps, inserts what readers stumble over, and now and then piles something up.</summary>
internal static class Damage
{
    private static readonly string[] Pieces =
    [
        "\"", "'", "\\", "{", "}", "[", "]", "(", ")", ",", ":", "/", ".", "-", "!", "&&", "||", "==", " ", "\t", "\n", "\r", "\0", "null", "true", "0", "-1", "1e999", "0x1F", "007",
        "9223372036854775808", "2147483648", "%", "#", "&a", "*a", "!!x", "---", "~", "\uFEFF", "\u2028", "é", "\U0001F600", "\uD800", "\\ud800", "::", "ffff", "1.2.3.4", "in", "not in", "has(",
    ];

    public static string Of(string text, Chance chance)
    {
        for (var wounds = 1 + chance.Below(4); wounds > 0; wounds--)
        {
            var at = chance.Below(text.Length + 1);
            var length = Math.Min(chance.Percent(20) ? chance.Below(40) : chance.Below(4), text.Length - at);
            text = chance.Below(20) switch
            {
                < 6 => text.Remove(at, length),
                < 13 => text.Insert(at, chance.Of(Pieces)),
                < 17 => text.Insert(at, text.Substring(chance.Below(at + 1), Math.Min(length, text.Length - at))),
                < 19 when at < text.Length => text.Remove(at, 1).Insert(at, ((char)(text[at] ^ (1 << chance.Below(7)))).ToString()),
                _ when chance.Percent(2) => text.Insert(at, string.Concat(Enumerable.Repeat(chance.Of(Pieces), 50 + chance.Below(400)))),
                _ => text,
            };
        }

        return text;
    }
}
