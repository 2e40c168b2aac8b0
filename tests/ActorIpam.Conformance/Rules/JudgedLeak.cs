using System.Collections.Immutable;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Garbage;
using ActorIpam.Domain.Views;

namespace ActorIpam.Conformance.Rules;

/// <summary>One address of one host, judged when it is first seen and again when the grace period is over.</summary>
internal sealed class JudgedLeak(Fields one) : IWorkloads
{
    private static readonly IpAddress Suspected = IpAddress.Parse("10.0.0.1"), Valid = IpAddress.Parse("10.0.0.2"), Elsewhere = IpAddress.Parse("10.0.0.9");
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly bool _podExists = one.Flag("pod_exists", otherwise: true);
    private readonly bool _ipMatches = one.Flag("pod_ip_matches", otherwise: true);
    private readonly bool _ipReported = one.Flag("pod_ip_reported", otherwise: true);
    private readonly string _podHost = one.TextOrNull("pod_node") is "other" ? "node-b" : "node-a";
    private readonly bool _hasEnded = (one.TextOrNull("pod_phase"), one.TextOrNull("pod_reason")) is ("Failed", "Evicted");
    private readonly bool _shared = one.Find("handle_ips")?.Map() is { } both && both.Int("leaked", 0) == 1 && both.Int("valid", 0) == 1;
    private readonly bool _wasReused = one.TextOrNull("event") is not null;

    public string? Handle { get; init; } = "net.4f2a";

    /// <summary>Whether the address tells which pod it was assigned for.</summary>
    public bool HasAttributes { get; init; } = true;

    public static void Play(Case one, Findings findings) => new JudgedLeak(one.Fields).Play(findings);

    public void Play(Findings findings)
    {
        var (grace, hostExists, reused) = (GarbageCases.GraceOf(one), one.Flag("node_exists", otherwise: true), _wasReused);
        findings.Equal("other_allocations", 0, one.Int("other_allocations", 0));
        var first = GarbageJudge.Judge(Held(generation: 4), this, Suspects.None, new(Begin, !hostExists, grace));
        var second = GarbageJudge.Judge(Held(reused ? 9 : 4), this, first.Suspects, new(Begin + grace, !hostExists, grace));
        var (now, later) = (Word(first), Word(second));
        foreach (var (name, expected) in one.Get("outcome").Map().Take())
        {
            Compare(name, expected.Text(), findings.At(name));
        }

        void Compare(string name, string expected, Findings told)
        {
            switch (name)
            {
                case "at_0" or "first_pass":
                    told.Equal("the address", expected, now);
                    break;
                case "after_grace":
                    told.Equal("the address", expected, later);
                    break;
                case "address" when expected is "released":
                    told.Equal("the address, in the first pass", expected, now);
                    break;
                case "address" when expected.StartsWith("kept", StringComparison.Ordinal):
                    told.True($"the address is {now}, then {later}", now != "released" && later != "released");
                    told.True($"only a candidate, not {later}", !expected.Contains("candidate", StringComparison.Ordinal) || later == "candidate");
                    break;
                case "affinities":
                    told.Equal("the blocks may go", expected.StartsWith("released", StringComparison.Ordinal), first.HostIsEmptied);
                    break;
                case "block" when expected == "kept":
                    told.True("the block may go", !first.HostIsEmptied && !second.HostIsEmptied);
                    break;
                case "timer" when expected == "cleared":
                    told.Equal("suspected since", Begin + grace, second.Suspects.Since.GetValueOrDefault(new(Suspected, 9), Begin + grace));
                    told.True("the former assignment is still suspected", !second.Suspects.Since.ContainsKey(new(Suspected, 4)));
                    break;
                default:
                    throw new CaseFormatException(one.Path, $"nobody knows the outcome {name}: {expected}.");
            }
        }
    }

    public Sighting Of(AddressRow address) => address switch
    {
        { Attributes.IsEmpty: true } => Sighting.Unclear.Instance,
        _ when !_podExists || _wasReused => Sighting.Missing.Instance,
        _ => new Sighting.Seen(_podHost, _hasEnded, Reported()),
    };

    private ImmutableArray<IpAddress>? Reported() =>
        !_ipReported ? null : _shared ? [Valid] : [_ipMatches ? Suspected : Elsewhere];

    private ImmutableArray<AddressRow> Held(long generation)
    {
        var rows = ImmutableArray.Create(Row(Suspected, generation));
        return _shared ? rows.Add(Row(Valid, 5)) : rows;
    }

    private AddressRow Row(IpAddress ip, long generation) => new(
        ip, Cidr.Containing(ip, 26), generation, Handle, Owner.Host("node-a"),
        HasAttributes ? ImmutableSortedDictionary<string, string>.Empty.Add("pod", "web-1") : ImmutableSortedDictionary<string, string>.Empty, Begin, Issued: null);

    private static string Word(GarbageVerdict verdict) =>
        verdict.Released.Any(static row => row.Ip == Suspected) ? "released"
        : verdict.Suspects.Since.Keys.Any(static grant => grant.Ip == Suspected) ? "candidate"
        : "kept";
}
