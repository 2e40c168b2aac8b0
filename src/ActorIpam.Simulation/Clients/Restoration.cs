using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Clients;

/// <summary>Once, the journal is lost and a backup restored: members stop, hosts report, an operator solves what stands against them and ends the recovery (decision 0019).</summary>
internal sealed class Restoration(Cluster cluster, WorldPlan plan, Lane clients, Func<string, Caller> callers)
{
    /// <summary>How many units may be lost, at the most.</summary>
    private const int MostLost = 20;

    /// <summary>Answers that had left before members were stopped have arrived by then.</summary>
    private static readonly TimeSpan Arrived = TimeSpan.FromSeconds(1);

    /// <summary>When faults are over a recovery ends: after some rounds of reports and conflicts, and the cooldown.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly Dice _dice = cluster.World.Dice("restoring");
    private readonly Caller _operator = callers("recoverer");

    private TimeSpan Pace => plan.Pace < TimeSpan.FromSeconds(4) ? plan.Pace : TimeSpan.FromSeconds(4);

    public async Task WorkAsync()
    {
        var setUp = cluster.Store.Commits.Count;
        if (!plan.Restores)
        {
            return;
        }

        await Task.Delay(_dice.Between(plan.Heals / 10, plan.Heals * 0.7), clients.Clock);
        if (!cluster.Store.Faults.IsOn)
        {
            return;
        }

        cluster.BeginRecovery();
        foreach (var member in cluster.Members)
        {
            member.Stop();
        }

        await Task.Delay(_dice.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)), clients.Clock);
        cluster.Store.Restore(_dice.Next(Math.Min(MostLost, cluster.Store.Commits.Count - setUp) + 1), new CommitId(_dice.NewId()));
        foreach (var member in cluster.Members)
        {
            cluster.World.After(_dice.Between(TimeSpan.Zero, Arrived), clients, member.Begin);
        }

        await Task.Delay(Arrived, clients.Clock);
        await Task.WhenAll(RecoverAsync(), EndTooEarlyAsync());
        cluster.EndRecovery();
    }

    /// <summary>Where no node comes or goes the end is tried after each round, and refused while something stands against a report; elsewhere the operator waits for that himself.</summary>
    private async Task RecoverAsync()
    {
        var hosts = plan.Hosts.Select(host => (host, callers($"{host}-reporter"))).ToList();
        while (true)
        {
            var clean = await Task.WhenAll(hosts.Select(host => ReportAsync(host.host, host.Item2)));
            if (plan.Changes > 0 && clean.Contains(false))
            {
                ThrowIfTooLong("something stands against a report.");
                continue;
            }

            var ended = await _operator.EndRecoveryAsync();
            if (!ended.IsRefused || ended.Refusals[0].Code == RefusalCode.NotRecovering)
            {
                return;
            }

            ThrowIfTooLong($"its end is refused: {ended.Refusals[0].Message}");
            await _operator.RestAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>An operator who does not know who has reported. Nothing is accepted as lost, so nothing may come of it.</summary>
    /// <remarks>Only where no node comes or goes: one that the restored journal does not know is waited for by nobody but its operator (decision 0019).</remarks>
    private async Task EndTooEarlyAsync()
    {
        var hasty = callers("hasty operator");
        for (var i = plan.Changes == 0 ? hasty.Dice.Next(4) : 0; i > 0 && cluster.IsRecovering; i--)
        {
            await hasty.RestAsync(Pace);
            await hasty.EndRecoveryAsync();
        }
    }

    /// <summary>A host tells what it uses, sometimes to two members at once; what stands against it is solved, and counts when it reports again.</summary>
    /// <returns>True when nothing stood against it.</returns>
    private async Task<bool> ReportAsync(string host, Caller caller)
    {
        await caller.RestAsync(Pace);
        var holdings = cluster.Recorder.InUse(host).Select(grant => (grant.Ip, grant.Handle)).Distinct();
        var report = new RecoveryReport { Host = host, IssuedAt = caller.Now, Holdings = [.. holdings.Select(held => new ReportedHolding(held.Ip.ToString(), held.Handle))] };
        var twin = caller.Dice.Next(4) == 0 ? caller.ReportAsync(report) : null;
        var answer = await caller.ReportAsync(report);
        if (twin is not null)
        {
            await twin;
        }

        if (answer.IsRefused)
        {
            return true;
        }

        foreach (var conflict in answer.Value.Conflicts)
        {
            await SolveAsync(conflict);
        }

        return answer.Value.Conflicts.IsEmpty;
    }

    private Task SolveAsync(DisputedHolding conflict)
    {
        var ip = IpAddress.Parse(conflict.Ip);
        return !cluster.Store.State.Addresses.TryGetValue(ip, out var row) ? ServeAsync(plan.Pools.First(pool => Cidr.Parse(pool.Cidr).Contains(ip)))
            : row.Handle == conflict.Handle || plan.Hosts.Any(host => cluster.Recorder.InUse(host).Any(grant => grant.Ip == ip && grant.Handle == row.Handle)) ? Task.CompletedTask
            : _operator.ReleaseAsync(new() { Addresses = [new(conflict.Ip, row.Handle, row.Generation)], RequestId = $"over {_dice.NewId()}" });
    }

    /// <summary>The pool is as it was planned again: enabled, whole, and alone.</summary>
    private async Task ServeAsync(PoolPlan pool)
    {
        if (!(await _operator.UpdateAsync(Operator.Pool(pool, disabled: false))).IsRefused)
        {
            return;
        }

        foreach (var part in cluster.Store.State.Resources.Values.Where(row => row.Kind == "IPPool" && row.Name.StartsWith($"split-{pool.Name}-", StringComparison.Ordinal)).Select(row => row.Name).ToList())
        {
            await _operator.DeleteAsync(ResourceKind.IPPool, part);
        }

        await _operator.CreateAsync(Operator.Pool(pool, disabled: false));
    }

    private void ThrowIfTooLong(string why)
    {
        if (cluster.QuietSince is { } quiet && cluster.World.Elapsed - quiet > Longest)
        {
            throw new InvariantViolationException("INV-14", $"The recovery of a restored journal does not end though faults have: {why}");
        }
    }
}
