using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Programs;

namespace ActorIpam.JournalContract.Past;

/// <summary>A member on a journal with a clock that moves only when it is told to, and every question it can be asked, as text.</summary>
internal sealed class PastWorld : IAsyncDisposable
{
    private readonly Member _member;

    /// <param name="under">The journal.</param>
    /// <param name="dice">Chance.</param>
    /// <param name="journalKept">How long rows are kept that snapshots cover; null for ever, without snapshots.</param>
    public PastWorld(IJournalUnderTest under, Dice dice, TimeSpan? journalKept = null)
    {
        Under = under;
        _member = Member.Start(
            new(under.Journal, under.Views, Clock, new Luck(dice)) { Due = under.Due, Past = under.Past, Upkeep = journalKept is null ? null : under.Upkeep, Streams = under.Streams },
            new()
            {
                Name = "m1",
                Sweeping = new()
                {
                    Period = TimeSpan.Zero,
                    IdleGrace = TimeSpan.FromMinutes(2),
                    HistoryKept = TimeSpan.FromHours(24),
                    RowsPerPage = 7,
                    SnapshotRows = 2,
                    JournalKept = journalKept ?? TimeSpan.Zero,
                },
            });
    }

    public IJournalUnderTest Under { get; }

    public StandingClock Clock { get; } = new();

    public IpamDoor Door => _member.Door;

    /// <summary>How many journal rows were cut.</summary>
    public long RowsCut => _member.Sweeps.RowsCut;

    public Task SweepAsync() => _member.SweepAsync();

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    /// <summary>What is answered about now, or about then.</summary>
    public async Task<ImmutableArray<(string Question, string Answer)>> AskAllAsync(DateTimeOffset? at, CancellationToken cancellation)
    {
        var answers = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var query in (AddressQuery[])[new(), new() { Host = "a" }, new() { Handle = "web-1" }, new() { Borrowed = true }, new() { Pool = "10.0.0.0/27" }, new() { Limit = 3 }])
        {
            answers.Add(($"addresses {query}", Text(at is { } t ? await Door.Past.AddressesAsync(query, t, cancellation) : await Door.AddressesAsync(query, cancellation))));
        }

        foreach (var ip in (string[])["10.0.0.0", "10.0.0.1", "10.0.0.5", "10.0.0.9", "10.0.0.21", "10.9.0.1"])
        {
            answers.Add(($"address {ip}", Text(Unexplained(at is { } t ? await Door.Past.AddressAsync(ip, t, cancellation) : await Door.AddressAsync(ip, cancellation)))));
        }

        foreach (var host in (string?[])[null, "a", "b"])
        {
            var query = new BlockQuery(null, host);
            answers.Add(($"blocks of {host}", Text(at is { } t ? await Door.Past.BlocksAsync(query, t, cancellation) : await Door.BlocksAsync(query, cancellation))));
        }

        answers.Add(("use", Text(at is { } use ? await Door.Past.UtilizationAsync(null, true, use, cancellation) : await Door.UtilizationAsync(null, true, cancellation))));
        answers.Add(("routes", Text(at is { } then ? await Door.Past.RoutesAsync("a", then, cancellation) : await Door.RoutesAsync("a", cancellation))));
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            Answer<ResourceList> list = at is { } t ? await Door.Past.ListAsync(kind, t, cancellation) : await Door.ListAsync(kind, cancellation);
            answers.Add(($"list {kind}", list.IsRefused ? Text(list) : $"{list.Value.ResourceVersion}: {string.Join('\n', list.Value.Items.Select(ResourceJson.Write))}"));
        }

        var one = at is { } of ? await Door.Past.GetAsync(ResourceKind.IPPool, "web", of, cancellation) : await Door.GetAsync(ResourceKind.IPPool, "web", cancellation);
        answers.Add(("get web", one.IsRefused ? Text(one) : ResourceJson.Write(one.Value)));
        return answers.ToImmutable();
    }

    private static string Text<T>(Answer<T> answer) => answer.IsRefused ? Rendering.Render(answer.Refusals) : Rendering.Render(answer.Value);

    internal sealed class StandingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Luck(Dice dice) : IChance
    {
        private readonly Lock _gate = new();

        public Guid NewId()
        {
            lock (_gate)
            {
                return dice.Commit().Value;
            }
        }

        public int Next(int limit)
        {
            lock (_gate)
            {
                return dice.Below(limit);
            }
        }
    }

    /// <summary>Why it was given is told with what the catalog still says; that is no part of what was.</summary>
    private static Answer<AddressState> Unexplained(Answer<AddressState> answer) => answer.IsRefused ? answer : answer.Value with { Reason = null };
}
