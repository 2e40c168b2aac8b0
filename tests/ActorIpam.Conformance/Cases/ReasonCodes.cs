using System.Collections.Frozen;
using System.Globalization;
using ActorIpam.Domain;

namespace ActorIpam.Conformance.Cases;

/// <summary>The reasons that cases name: the codes of this project in snake_case.</summary>
internal static class ReasonCodes
{
    private static readonly FrozenDictionary<string, RefusalCode> ByName =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(Of, StringComparer.Ordinal);

    /// <summary>The snake_case name of a code.</summary>
    public static string Of(RefusalCode code) =>
        string.Concat(code.ToString().Select((letter, at) =>
            char.IsUpper(letter) ? (at == 0 ? "" : "_") + char.ToLower(letter, CultureInfo.InvariantCulture) : letter.ToString()));

    /// <summary>True when one of the refusals is what the case names.</summary>
    /// <exception cref="CaseFormatException">The case names a reason that is no code of this project.</exception>
    public static bool Names(string reason, IEnumerable<RefusalCode> codes, string path)
    {
        var meant = ByName.TryGetValue(reason, out var code) ? code : throw new CaseFormatException(path, $"'{reason}' is no reason this project knows.");
        return codes.Contains(meant);
    }

    public static string List(IEnumerable<RefusalCode> codes) => string.Join(", ", codes.Select(Of));
}
