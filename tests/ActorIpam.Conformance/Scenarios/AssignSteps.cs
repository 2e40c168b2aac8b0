using System.Collections.Immutable;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Steps that ask for addresses or blocks.</summary>
internal static class AssignSteps
{
    public static async Task AutoAssignAsync(Step step)
    {
        var answer = await step.Door.AssignAsync(RequestOf(step.Fields), CancellationToken.None);
        var given = answer.IsRefused ? new AssignAnswer() : answer.Value;
        step.Expect.Outcome(answer.IsRefused ? answer.Refusals : given.Refusal is { } early ? [early] : []);
        Compare(step, "v4", given.Ipv4, given, 4);
        Compare(step, "v6", given.Ipv6, given, 6);
        if (step.Fields.TextOrNull("save") is { } name)
        {
            step.Saved.Keep(name, Addresses(given.Ipv4), Addresses(given.Ipv6));
        }
    }

    public static async Task AssignIpAsync(Step step)
    {
        var ip = step.Saved.One(step.Fields.Get("ip"));
        var answer = await step.Door.AssignIpAsync(
            new()
            {
                Host = step.Fields.TextOrNull("node"),
                Ip = ip,
                Handle = step.Fields.TextOrNull("handle"),
                Use = step.Fields.TextOrNull("use"),
                MaxPerHandle = step.Fields.Int("max_per_handle", 0),
            },
            CancellationToken.None);
        if (step.Expect.Outcome(answer))
        {
            step.Expect.Findings.Equal("address", IpAddress.Parse(ip), IpAddress.Parse(answer.Value.Address));
        }
    }

    public static async Task EnsureBlockAsync(Step step)
    {
        var answer = await step.Door.EnsureBlockAsync(
            new()
            {
                Host = step.Fields.TextOrNull("node"),
                Ipv4Pools = [.. step.Fields.TextsOrNone("pools4")],
                Ipv6Pools = [.. step.Fields.TextsOrNone("pools6")],
                HostReservedIpv4 = ReservationOf(step.Fields.Find("host_reserved4")),
                HostReservedIpv6 = ReservationOf(step.Fields.Find("host_reserved6")),
            },
            CancellationToken.None);
        var given = step.Expect.Outcome(answer) ? answer.Value : new();
        Within(step.Expect, "v4_block_within", given.Ipv4Block);
        Within(step.Expect, "v6_block_within", given.Ipv6Block);
    }

    private static AssignRequest RequestOf(Fields step)
    {
        var (v4, v6) = (step.Int("v4", 0), step.Int("v6", 0));
        var reserved = ReservationOf(step.Find("host_reserved"));
        return new()
        {
            Host = step.TextOrNull("node"),
            Handle = step.TextOrNull("handle"),
            Ipv4 = v4,
            Ipv6 = v6,
            Ipv4Pools = [.. step.TextsOrNone("pools4")],
            Ipv6Pools = [.. step.TextsOrNone("pools6")],
            Use = step.Find("use") is { } use ? (use.IsNull ? null : use.Text()) : "Workload",
            NamespaceLabels = step.Find("namespace_labels") is { } labels ? LabelsOf(labels) : null,
            MaxBlocks = step.Int("max_blocks", 0),
            MaxPerHandle = step.Int("max_per_handle", 0),
            HostReservedIpv4 = v4 > 0 ? reserved : null,
            HostReservedIpv6 = v6 > 0 ? reserved : null,
            Os = step.TextOrNull("os"),
        };
    }

    private static void Compare(Step step, string family, ImmutableArray<AssignedAddress> given, AssignAnswer answer, int number)
    {
        if (step.Expect.Fields?.Find(family)?.Map() is not { } wanted)
        {
            return;
        }

        var findings = step.Expect.Findings;
        var ips = given.Select(one => IpAddress.Parse(one.Address)).ToList();
        findings.Equal($"{family}: repeated addresses", 0, ips.Count - ips.Distinct().Count());
        if (wanted.Find("count") is { } count)
        {
            findings.Equal($"{family} count", count.Number(), ips.Count);
        }

        if (wanted.Find("ips") is { } exact)
        {
            findings.Sequence($"{family} ips", step.Saved.Texts(exact).Select(IpAddress.Parse), ips);
        }

        if (wanted.Find("same_as") is { } same)
        {
            findings.Bag($"{family} same_as", step.Saved.Texts(same).Select(IpAddress.Parse), ips);
        }

        if (wanted.Find("messages") is { } messages)
        {
            findings.Bag($"{family} messages", messages.Texts(), answer.Messages.Where(message => message.Family == number).Select(message => message.Code));
        }

        Ranges(wanted, family, ips, findings);
        wanted.NoOthers();
    }

    private static void Ranges(Fields wanted, string family, List<IpAddress> ips, Findings findings)
    {
        if (wanted.Find("within")?.Texts().Select(Cidr.Parse).ToList() is { } within)
        {
            findings.Sequence($"{family} outside of {string.Join(", ", within)}", [], ips.Where(ip => !within.Any(range => range.Contains(ip))));
        }

        if (wanted.Find("not_within")?.Texts().Select(Cidr.Parse).ToList() is { } without)
        {
            findings.Sequence($"{family} inside of {string.Join(", ", without)}", [], ips.Where(ip => without.Any(range => range.Contains(ip))));
        }
    }

    private static void Within(Expectation expect, string name, string? block)
    {
        if (expect.Fields?.Find(name)?.Texts().Select(Cidr.Parse).ToList() is { } ranges)
        {
            expect.Findings.True(
                $"{name}: expected a block within {string.Join(", ", ranges)}, got {block ?? "none"}",
                block is not null && ranges.Any(range => range.Contains(Cidr.Parse(block))));
        }
    }

    private static HostReservation? ReservationOf(Value? value)
    {
        if (value is null or { IsNull: true })
        {
            return null;
        }

        var fields = value.Map();
        var reservation = new HostReservation(fields.Int("start", 0), fields.Int("end", 0), fields.TextOrNull("handle"));
        fields.NoOthers();
        return reservation;
    }

    private static ImmutableSortedDictionary<string, string> LabelsOf(Value labels) =>
        labels.Map().Take().ToImmutableSortedDictionary(label => label.Key, label => label.Value.Text(), StringComparer.Ordinal);

    private static List<string> Addresses(ImmutableArray<AssignedAddress> given) => [.. given.Select(one => one.Address)];
}
