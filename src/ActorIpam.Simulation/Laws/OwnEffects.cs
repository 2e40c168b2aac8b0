using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-13 for resources: nobody is refused because of what his own request did. Who creates alone is not told that it exists already, who deletes alone not that it is gone.</summary>
public static class OwnEffects
{
    public static IEnumerable<Violation> Judge(History history) =>
        from exchange in history.Exchanges
        where exchange.IsAnswered && exchange.Asked > history.Since && BlamesAnother(exchange, history)
        where !history.Exchanges.Concat(history.Earlier).Any(other => !ReferenceEquals(other, exchange) && MayHaveDone(other, exchange))
        select new Violation("INV-13", exchange.Answered, $"{exchange.Member} refused {Named(exchange)} because it was done already, but nobody else asked for it.");

    private static bool BlamesAnother(Exchange exchange, History history) => exchange switch
    {
        Exchange.Storing { Answer.IsRefused: true } storing => storing.Answer.Refusals[0].Code == RefusalCode.AlreadyExists && !Existed(exchange, history),
        Exchange.Deleting { Answer.IsRefused: true } deleting => deleting.Answer.Refusals[0].Code == RefusalCode.NotFound && Existed(exchange, history),
        _ => false,
    };

    private static bool Existed(Exchange exchange, History history) => Named(exchange) is var (kind, name)
        && history.StatesBetween(exchange.Asked, exchange.Asked).First().Resources.ContainsKey(new(kind.ToString(), name));

    /// <summary>Asked before this one was answered, heard by somebody, and not over before this one was asked. A split removes the pool too.</summary>
    private static bool MayHaveDone(Exchange other, Exchange refused) =>
        ((other.GetType() == refused.GetType() && Named(other) == Named(refused))
            || (other is Exchange.Splitting { Request.Pool: var pool } && refused is Exchange.Deleting { Kind: ResourceKind.IPPool } && Named(refused).Name == pool)) && !other.ReachedNobody && other.Asked < refused.Answered && other.Over > refused.Asked;

    private static (ResourceKind Kind, string Name) Named(Exchange exchange) => exchange switch
    {
        Exchange.Storing { Resource: var resource } => (resource.Kind, resource.Metadata.Name),
        Exchange.Deleting deleting => (deleting.Kind, deleting.Name),
        _ => default,
    };
}
