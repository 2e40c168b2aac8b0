using System.Collections.Frozen;
using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Scenarios;

namespace ActorIpam.Conformance.Rules;

/// <summary>operations.yaml: what is collected, when. Each case is named here with what plays it; one that is not named fails.</summary>
internal static class GarbageCases
{
    private static readonly FrozenDictionary<string, Action<Case, Findings>> Players = new Dictionary<string, Action<Case, Findings>>
    {
        ["GC-001"] = JudgedLeak.Play,
        ["GC-002"] = JudgedLeak.Play,
        ["GC-003"] = JudgedLeak.Play,
        ["GC-004"] = JudgedLeak.Play,
        ["GC-005"] = JudgedLeak.Play,
        ["GC-006"] = JudgedLeak.Play,
        ["GC-007"] = JudgedLeak.Play,
        ["GC-008"] = (one, findings) => new JudgedLeak(one.Fields) { HasAttributes = false }.Play(findings),
        ["GC-009"] = (one, findings) => new JudgedLeak(one.Fields) { Handle = null }.Play(findings),
        ["GC-010"] = (one, findings) => new JudgedLeak(one.Fields) { Handle = "vxlan-tunnel-addr-node-a", HasAttributes = false }.Play(findings),
        ["GC-012"] = JudgedLeak.Play,
        ["GC-013"] = JudgedLeak.Play,
        ["GC-014"] = SweptWorld.IdleBlocks,
        ["GC-015"] = SweptWorld.IdleBlocks,
        ["GC-017"] = JudgedLeak.Play,
        ["GC-018"] = SweptWorld.Cooldowns,
        ["GC-019"] = SweptWorld.Cooldowns,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void Play(Case one, Findings findings)
    {
        _ = (one.Fields.Find("title"), one.Fields.Find("source"));
        if (!Players.TryGetValue(one.Id, out var play))
        {
            throw new CaseFormatException(one.Id, "this case is played by nobody.");
        }

        play(one, findings);
        one.Fields.NoOthers();
    }

    /// <summary>A time as the cases write it: minutes such as <c>15m</c>, or <c>0</c>.</summary>
    public static TimeSpan GraceOf(Fields one) => one.TextOrNull("grace") switch
    {
        null => TimeSpan.FromMinutes(15),
        "0" => TimeSpan.Zero,
        { } text when text.EndsWith('m') && int.TryParse(text[..^1], out var minutes) => TimeSpan.FromMinutes(minutes),
        var other => throw new CaseFormatException(one.Path, $"'{other}' is no time."),
    };
}
