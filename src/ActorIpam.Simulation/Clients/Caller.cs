using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation.Clients;

/// <summary>A client that asks any member, or only one, and asks again with the same request until somebody gives a definite answer.</summary>
internal sealed class Caller(Cluster cluster, Lane lane, string name, SimulatedMember? only = null)
{
    /// <summary>A request that is pending when the faults end has its answer by then (INV-14): the law's ten seconds and what a client may sleep between attempts.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Dice _dice = cluster.World.Dice($"caller {name}");

    public Dice Dice => _dice;

    public DateTimeOffset Now => lane.Clock.GetUtcNow();

    public Task RestAsync(TimeSpan atMost) => Task.Delay(_dice.Between(TimeSpan.Zero, atMost), lane.Clock);

    public Task<Answer<AssignAnswer>> AssignAsync(AssignRequest request) => UntilDefiniteAsync(
        member => new Exchange.Assigning(member, cluster.Recorder.Now, request),
        door => door.AssignAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<AssignedAddress>> AssignIpAsync(AssignIpRequest request) => UntilDefiniteAsync(
        member => new Exchange.AssigningGiven(member, cluster.Recorder.Now, request),
        door => door.AssignIpAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<ReleaseAnswer>> ReleaseAsync(ReleaseRequest request) => UntilDefiniteAsync(
        member => new Exchange.Releasing(member, cluster.Recorder.Now, request),
        door => door.ReleaseAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync(ReleaseHandleRequest request) => UntilDefiniteAsync(
        member => new Exchange.ReleasingHandle(member, cluster.Recorder.Now, request),
        door => door.ReleaseHandleAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<AffinityAnswer>> ClaimAsync(AffinityRequest request) => UntilDefiniteAsync(
        member => new Exchange.Claiming(member, cluster.Recorder.Now, request),
        door => door.ClaimAffinityAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<AffinityAnswer>> GiveBackAsync(AffinityRequest request) => UntilDefiniteAsync(
        member => new Exchange.GivingBack(member, cluster.Recorder.Now, request),
        door => door.ReleaseAffinityAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<EnsureBlockAnswer>> EnsureBlockAsync(EnsureBlockRequest request) => UntilDefiniteAsync(
        member => new Exchange.Ensuring(member, cluster.Recorder.Now, request),
        door => door.EnsureBlockAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<GarbageAnswer>> CollectAsync(GarbageRequest request) => UntilDefiniteAsync(
        member => new Exchange.Collecting(member, cluster.Recorder.Now, request),
        door => door.CollectGarbageAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<SplitAnswer>> SplitAsync(SplitRequest request) => UntilDefiniteAsync(
        member => new Exchange.Splitting(member, cluster.Recorder.Now, request),
        door => door.SplitAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<RecoveryReportAnswer>> ReportAsync(RecoveryReport request) => UntilDefiniteAsync(
        member => new Exchange.Reporting(member, cluster.Recorder.Now, request),
        door => door.Recovery.ReportAsync(request, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<RecoveryView>> EndRecoveryAsync() => UntilDefiniteAsync(
        member => new Exchange.Ending(member, cluster.Recorder.Now),
        door => door.Recovery.EndAsync(new(), CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<NodeRouting>> RoutesAsync(string node) => UntilDefiniteAsync(
        member => new Exchange.Routing(member, cluster.Recorder.Now, node),
        door => door.RoutesAsync(node, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<Resource>> CreateAsync(Resource resource) => UntilDefiniteAsync(
        member => new Exchange.Storing(member, cluster.Recorder.Now, resource),
        door => door.CreateAsync(resource, dryRun: false, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<Resource>> UpdateAsync(Resource resource) => UntilDefiniteAsync(
        member => new Exchange.Storing(member, cluster.Recorder.Now, resource),
        door => door.UpdateAsync(resource, dryRun: false, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    public Task<Answer<Resource>> DeleteAsync(ResourceKind kind, string resource) => UntilDefiniteAsync(
        member => new Exchange.Deleting(member, cluster.Recorder.Now, kind, resource),
        door => door.DeleteAsync(kind, resource, null, dryRun: false, CancellationToken.None),
        (exchange, answer) => exchange with { Answer = answer });

    private async Task<Answer<T>> UntilDefiniteAsync<TExchange, T>(
        Func<string, TExchange> ask, Func<IpamDoor, Task<Answer<T>>> question, Func<TExchange, Answer<T>, TExchange> answered)
        where TExchange : Exchange
    {
        var began = cluster.World.Elapsed;
        while (true)
        {
            var attempt = AttemptAsync(ask, question, answered);
            if (cluster.HealedAt is null && typeof(T) != typeof(Resource) && _dice.Happens(cluster.Duplicates))
            {
                // Nobody waits for what the network delivers twice; its answer is written down all the same.
                _ = AgainAsync(ask, question, answered);
            }

            var definite = await FirstAsync(attempt);
            if (definite is { } answer)
            {
                return answer;
            }

            var pending = cluster.World.Elapsed - (cluster.CalmSince is { } calm && calm > began ? calm : began);
            if (cluster.CalmSince is not null && pending > Longest)
            {
                throw new InvariantViolationException("INV-14", $"{name} has no definite answer {pending.TotalSeconds:0} s after the faults ended: {ask("nobody")}");
            }

            await RestAsync(TimeSpan.FromMilliseconds(400));
        }
    }

    private async Task AgainAsync<TExchange, T>(
        Func<string, TExchange> ask, Func<IpamDoor, Task<Answer<T>>> question, Func<TExchange, Answer<T>, TExchange> answered)
        where TExchange : Exchange
    {
        await RestAsync(TimeSpan.FromSeconds(_dice.Next(2) == 0 ? 5 : 0.2));
        await AttemptAsync(ask, question, answered);
    }

    /// <summary>The attempt's answer, or null when the caller's own patience ends first. An answer that comes later is still written down.</summary>
    private async Task<Answer<T>?> FirstAsync<T>(Task<Answer<T>?> attempt)
    {
        using var bored = new CancellationTokenSource();
        var patience = Task.Delay(_dice.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)), lane.Clock, bored.Token);
        var first = await Task.WhenAny(attempt, patience);
        bored.Cancel();
        return first == attempt ? await attempt : null;
    }

    private async Task<Answer<T>?> AttemptAsync<TExchange, T>(
        Func<string, TExchange> ask, Func<IpamDoor, Task<Answer<T>>> question, Func<TExchange, Answer<T>, TExchange> answered)
        where TExchange : Exchange
    {
        var member = only ?? _dice.OneOf(cluster.Members);
        var exchange = ask(member.Name);
        var place = cluster.Recorder.Ask(exchange);
        var (answer, silence, reachedNobody) = await member.AskAsync(question);
        if (silence is not null)
        {
            if (reachedNobody)
            {
                cluster.Recorder.Miss(place);
            }
            else if (silence.StorageIsFull)
            {
                cluster.Recorder.Decline(place);
            }

            return null;
        }

        if (answer.IsRefused && answer.Refusals[0].Code is RefusalCode.TooBusy or RefusalCode.StorageFull or RefusalCode.Recovering)
        {
            return null;
        }

        cluster.Recorder.Answer(place, answered(exchange, answer));
        lane.Tell($"{name} ← {member.Name}: {Spoken.Of(exchange)} → {Spoken.Of(answer)}");
        return answer;
    }
}
