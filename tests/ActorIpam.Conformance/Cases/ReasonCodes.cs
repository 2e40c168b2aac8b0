using System.Collections.Frozen;
using System.Globalization;
using ActorIpam.Domain;

namespace ActorIpam.Conformance.Cases;

/// <summary>The reasons that cases name, and the code that each of them is here.</summary>
/// <remarks>A case names a reason in snake_case. Most are the code's own name; the others are finer words for one of ours.</remarks>
internal static class ReasonCodes
{
    private static readonly FrozenDictionary<string, RefusalCode[]> OtherWords = new Dictionary<string, RefusalCode[]>
    {
        ["node_selector_too_long"] = [RefusalCode.SelectorTooLong],
        ["namespace_selector_too_long"] = [RefusalCode.SelectorTooLong],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, RefusalCode> OwnWords =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(Of, StringComparer.Ordinal);

    /// <summary>The snake_case name of a code.</summary>
    public static string Of(RefusalCode code) =>
        string.Concat(code.ToString().Select((letter, at) =>
            char.IsUpper(letter) ? (at == 0 ? "" : "_") + char.ToLower(letter, CultureInfo.InvariantCulture) : letter.ToString()));

    /// <summary>True when one of the refusals is what the case names.</summary>
    /// <exception cref="CaseFormatException">The case names a reason that is no code of this project.</exception>
    public static bool Names(string reason, IEnumerable<RefusalCode> codes, string path)
    {
        var meant = OtherWords.TryGetValue(reason, out var several) ? several
            : OwnWords.TryGetValue(reason, out var own) ? [own]
            : throw new CaseFormatException(path, $"'{reason}' is no reason this project knows.");
        return codes.Any(meant.Contains);
    }

    public static string List(IEnumerable<RefusalCode> codes) => string.Join(", ", codes.Select(Of));
}
