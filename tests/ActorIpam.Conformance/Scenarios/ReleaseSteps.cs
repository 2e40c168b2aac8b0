using ActorIpam.Conformance.Cases;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Steps that end assignments.</summary>
internal static class ReleaseSteps
{
    public static async Task ReleaseIpsAsync(Step step)
    {
        var answer = await step.Door.ReleaseAsync(new() { Addresses = [.. EntriesOf(step)] }, CancellationToken.None);
        var given = answer.IsRefused ? new ReleaseAnswer() : answer.Value;
        step.Expect.Outcome(answer.IsRefused ? answer.Refusals : [.. given.Errors.Select(error => new Refusal(error.Code, $"{error.Ip}: {error.Message}"))]);
        if (step.Expect.Fields?.Find("unallocated") is { } unallocated)
        {
            step.Expect.Findings.Bag("unallocated", step.Saved.Texts(unallocated).Select(IpAddress.Parse), given.Unallocated.Select(IpAddress.Parse));
        }

        if (step.Expect.Fields?.Find("released") is { IsList: true } released)
        {
            step.Expect.Findings.Bag("released", step.Saved.Texts(released).Select(IpAddress.Parse), given.Released.Select(IpAddress.Parse));
        }
        else
        {
            step.Expect.Number("released", given.Released.Length);
        }
    }

    public static async Task ReleaseHandleAsync(Step step)
    {
        var answer = await step.Door.ReleaseHandleAsync(new() { Handle = step.Fields.Text("handle") }, CancellationToken.None);
        var released = step.Expect.Outcome(answer) ? answer.Value.Released.Length : 0;
        step.Expect.Number("released", released);
    }

    private static IEnumerable<ReleaseEntry> EntriesOf(Step step)
    {
        var ips = step.Fields.Get("ips");
        return ips.IsList
            ? ips.List().SelectMany(item => item.IsMap ? [EntryOf(step, item.Map())] : step.Saved.Texts(item).Select(ip => new ReleaseEntry(ip)))
            : step.Saved.Texts(ips).Select(ip => new ReleaseEntry(ip));
    }

    private static ReleaseEntry EntryOf(Step step, Fields entry)
    {
        var one = new ReleaseEntry(
            step.Saved.One(entry.Get("ip")),
            entry.TextOrNull("handle"),
            entry.Find("seq") is { IsNull: false } seq ? step.Saved.Number(seq) : null);
        entry.NoOthers();
        return one;
    }
}
