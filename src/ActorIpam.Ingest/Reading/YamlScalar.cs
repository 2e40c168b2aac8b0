using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorIpam.Ingest;

/// <summary>What an unquoted YAML text means: the core schema of YAML 1.2. yes, no, on and off are texts.</summary>
internal static partial class YamlScalar
{
    /// <summary>The kind of value, and its JSON text (for a string: the string).</summary>
    /// <exception cref="UnreadableException">It is a number that JSON has not, or that other readers understand differently.</exception>
    public static (JsonValueKind Kind, string Text) Resolve(string plain, Position at) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (JsonValueKind.Null, "null"),
        "true" or "True" or "TRUE" => (JsonValueKind.True, "true"),
        "false" or "False" or "FALSE" => (JsonValueKind.False, "false"),
        _ when LeadingZero().IsMatch(plain) => throw new UnreadableException(
            at, $"{plain} is read as octal by some and as decimal by others: write it without the leading zero, or in quotes if it is a text."),
        _ when Decimal().Match(plain) is { Success: true } number => (JsonValueKind.Number, Canonical(number)),
        _ when Based().IsMatch(plain) => (JsonValueKind.Number, FromBase(plain, at)),
        _ when NotFinite().IsMatch(plain) => throw new UnreadableException(at, $"{plain} is not a number that can be stored; in quotes it is a text."),
        _ => (JsonValueKind.String, plain),
    };

    /// <summary>True when every YAML reader, also an old one, takes the unquoted text for a text.</summary>
    public static bool IsPlainText(string text)
    {
        try
        {
            return Resolve(text, default).Kind == JsonValueKind.String && text.Trim() == text && !text.Any(char.IsControl) && !OldReadersDiffer().IsMatch(text);
        }
        catch (UnreadableException)
        {
            return false;
        }
    }

    private static string Canonical(Match number)
    {
        var sign = number.Groups["sign"].Value == "-" ? "-" : "";
        var whole = number.Groups["whole"].Value is { Length: > 0 } digits ? digits : "0";
        var fraction = number.Groups["fraction"].Value is { Length: > 0 } decimals ? "." + decimals : "";
        return sign + whole + fraction + number.Groups["exponent"].Value;
    }

    private static string FromBase(string plain, Position at)
    {
        var digits = plain[2..];
        if (digits.Length > 15)
        {
            throw new UnreadableException(at, $"{plain[..8]}… is too large a number.");
        }

        var value = digits.Aggregate(0L, (sum, digit) => (sum * (plain[1] == 'x' ? 16 : 8)) + Convert.ToInt32(digit.ToString(), 16));
        return value.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^[-+]?0[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^(?<sign>[-+]?)(?:(?<whole>0|[1-9][0-9]*)(?:\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>[eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(?:0x[0-9a-fA-F]+|0o[0-7]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Based();

    [GeneratedRegex(@"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();

    // The words and numbers of YAML 1.1: truth values, digits with underscores, base 60, dates.
    [GeneratedRegex(@"^(?:y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|=|<<)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OldReadersDiffer();
}
