using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Allocation;

/// <summary>Makes sure that a host owns a block in each family asked for; a full one counts (semantics.md §5.7).</summary>
/// <param name="spec">As for an assignment of nothing; a family is asked for when it carries a host reservation.</param>
internal sealed class EnsureBlockCommand(AssignSpec spec) : Command<Answer<EnsureBlockAnswer>>
{
    protected override Planned Plan(Draft draft, out Answer<EnsureBlockAnswer> result)
    {
        result = default;
        draft.FencePolicy();
        if (draft.Catalog.Recovery is { } recovery)
        {
            result = recovery.Refusal;
            return Planned.Drafted;
        }

        if (draft.Owner(spec.Holding.Owner) is not { } owner)
        {
            return Planned.Waits;
        }

        draft.FenceNode(owner);
        draft.FenceHost(owner);
        if ((PoolChoice.WrongFamily(draft.Catalog, IpFamily.V4, spec.Ipv4.Pools) ?? PoolChoice.WrongFamily(draft.Catalog, IpFamily.V6, spec.Ipv6.Pools)) is { } wrong)
        {
            result = wrong;
            return Planned.Drafted;
        }

        if (draft.Catalog.Node(spec.Holding.Owner.Name) is not { } node)
        {
            result = new Refusal(RefusalCode.NodeMissing, $"There is no node {spec.Holding.Owner.Name}.", "host");
            return Planned.Drafted;
        }

        var found = new EnsureBlockAnswer();
        foreach (var family in new[] { IpFamily.V4, IpFamily.V6 })
        {
            if (spec.For(family).HostReserved is null)
            {
                continue;
            }

            var ensured = new FamilyAssignment(draft, spec, family, owner, node).EnsureBlock();
            if (ensured is not { } answer)
            {
                return Planned.Waits;
            }

            if (answer.IsRefused)
            {
                result = answer.Refusals;
                return Planned.Drafted;
            }

            found = family == IpFamily.V4 ? found with { Ipv4Block = answer.Value.ToString() } : found with { Ipv6Block = answer.Value.ToString() };
        }

        result = found;
        return Planned.Drafted;
    }
}
