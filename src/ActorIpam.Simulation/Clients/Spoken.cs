using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Clients;

/// <summary>Questions and answers in one line of the story.</summary>
internal static class Spoken
{
    public static string Of(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Request: var r } => $"assign {r.Ipv4} to {r.Handle} on {r.Host} ({r.RequestId}){(r.AllOrNothing ? " all or nothing" : "")}",
        Exchange.AssigningGiven { Request: var r } => $"assign {r.Ip} to {r.Handle} on {r.Host} ({r.RequestId})",
        Exchange.Releasing { Request: var r } => $"release {string.Join(", ", r.Addresses.Select(entry => $"{entry.Ip} {entry.Handle} g{entry.Generation}"))} ({r.RequestId})",
        Exchange.ReleasingHandle { Request: var r } => $"release handle {r.Handle}{(r.Final ? " finally" : "")}",
        Exchange.Claiming { Request: var r } => $"claim {r.Cidr} for {r.Host}",
        Exchange.GivingBack { Request: var r } => $"give {r.Cidr} of {r.Host} back{(r.MustBeEmpty ? ", empty only" : "")}",
        Exchange.Ensuring { Request: var r } => $"ensure a block of {r.Host}",
        Exchange.Collecting { Request: var r } => $"collect garbage of {r.Host} but {string.Join(", ", r.Keep)}",
        Exchange.Splitting { Request: var r } => $"split {r.Pool} in {r.Parts}",
        Exchange.Reporting { Request: var r } => $"report of {r.Host}: {string.Join(", ", r.Holdings.Select(holding => $"{holding.Ip} {holding.Handle}"))}",
        Exchange.Ending => "end the recovery",
        Exchange.Routing r => $"routes of {r.Node}",
        Exchange.Storing { Resource: var r } => $"store {r.Kind} {r.Metadata.Name}{(r is IpPool { Spec.Disabled: true } ? " disabled" : "")}",
        Exchange.Deleting d => $"delete {d.Kind} {d.Name}",
        _ => exchange.GetType().Name,
    };

    public static string Of<T>(Answer<T> answer) => answer.IsRefused ? answer.Refusals[0].Code.ToString() : Of(answer.Value);

    private static string Of<T>(T value) => value switch
    {
        AssignAnswer a => $"[{string.Join(", ", a.Ipv4.Concat(a.Ipv6).Select(Of))}] {string.Join(", ", a.Messages.Select(message => message.Code))} {a.Refusal?.Code}",
        AssignedAddress a => $"{a.Address} g{a.Generation}",
        ReleaseAnswer a => $"released [{string.Join(", ", a.Released)}] unallocated [{string.Join(", ", a.Unallocated)}] errors [{string.Join(", ", a.Errors.Select(error => error.Code))}]",
        ReleaseHandleAnswer a => $"released [{string.Join(", ", a.Released)}]",
        AffinityAnswer a => $"claimed [{string.Join(", ", a.Claimed)}] failed [{string.Join(", ", a.Failed)}] released [{string.Join(", ", a.Released)}]",
        EnsureBlockAnswer a => $"{a.Ipv4Block} {a.Ipv6Block}",
        GarbageAnswer a => $"released [{string.Join(", ", a.Released)}]",
        SplitAnswer a => $"{a.Created} parts, moved {a.Moved}{(a.Done ? ", done" : "")}",
        RecoveryReportAnswer a => $"adopted [{string.Join(", ", a.Adopted)}] kept {a.Kept} conflicts [{string.Join(", ", a.Conflicts.Select(conflict => conflict.Ip))}]",
        RecoveryView => "ended",
        NodeRouting a => $"{a.Routes.Length} routes",
        Resource r => $"version {r.Metadata.ResourceVersion}",
        _ => value?.ToString() ?? "",
    };
}
