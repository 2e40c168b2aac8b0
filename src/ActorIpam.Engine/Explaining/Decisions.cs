using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Allocation;

namespace ActorIpam.Engine.Explaining;

/// <summary>Makes what is remembered out of what was answered.</summary>
internal static class Decisions
{
    public static RememberedDecision Of(Holding holding, bool dryRun, Answer<AssignAnswer> answer, DateTimeOffset at)
    {
        var behind = dryRun ? " (dry run)" : "";
        if (answer.IsRefused)
        {
            var refusal = answer.Refusals[0];
            return new(at, holding.RequestId, holding.Handle, holding.Owner.Name, refusal.Code + behind, [], refusal.Message, refusal.Details);
        }

        var given = answer.Value;
        var isShort = !given.Messages.IsEmpty || given.Refusal is not null;
        return new(
            at, holding.RequestId, holding.Handle, holding.Owner.Name, (isShort ? "short" : "granted") + behind,
            [.. given.Ipv4.Concat(given.Ipv6).Select(static address => address.Address)],
            isShort ? string.Join(' ', given.Messages.Select(static message => message.Message)) : null,
            isShort || dryRun ? given.Explanation?.Lines() ?? [] : []);
    }
}
