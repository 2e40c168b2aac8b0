using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Contracts;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>A storage without space refuses what it cannot write, and nothing else.</summary>
public sealed class SqliteFullDisk
{
    private static readonly string Large = $"[{new string(' ', 20_000)}]";

    [Fact]
    public async Task A_full_storage_writes_nothing_says_so_and_goes_on_answering()
    {
        using var folder = new ScratchFolder();
        var first = Unit(Append(Block, Head.None, Large));
        var head = new Head(1, first.Commit);
        Unit refused;
        await using (var journal = await folder.OpenAsync(new() { MaxPages = 60 }))
        {
            (await journal.AppendAsync([first]))[0].ShouldBeOfType<Outcome.Won>();
            (head, refused) = await FillAsync(journal, head);

            var question = Unit() with { Fences = [new(Block, head)] };
            var mixed = await journal.AppendAsync([refused, first, question, Unit(Append(Block, Head.None))]);

            mixed[0].ShouldBeOfType<Outcome.Failed>().Fault.ShouldBe(JournalFault.StorageFull);
            mixed[1].ShouldBeOfType<Outcome.AlreadyMine>("what was written before stays written");
            mixed[2].ShouldBeOfType<Outcome.Won>();
            mixed[3].ShouldBeOfType<Outcome.Lost>();
            await ShouldStandAtAsync(journal, head);
        }

        await using var larger = await folder.OpenAsync();
        await ShouldStandAtAsync(larger, head);
        (await larger.AppendAsync([refused]))[0].ShouldBeOfType<Outcome.Won>();
    }

    private static async Task<(Head Head, Unit Refused)> FillAsync(SqliteJournal journal, Head head)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var unit = Unit(Append(Block, head, Large)) with { Raises = [HostA], Views = [Held($"10.0.0.{tries}")] };
            switch ((await journal.AppendAsync([unit]))[0])
            {
                case Outcome.Won:
                    head = head.Next(unit.Commit);
                    break;
                case Outcome.Failed { Fault: JournalFault.StorageFull }:
                    return (head, unit);
                case var other:
                    throw new InvalidOperationException($"neither written nor full: {other}");
            }
        }

        throw new InvalidOperationException("The storage never was full.");
    }

    private static async Task ShouldStandAtAsync(SqliteJournal journal, Head head)
    {
        var tail = await journal.ReadAsync(Block, Head.None, TestContext.Current.CancellationToken);
        (tail.Head, (long)tail.Rows.Length).ShouldBe((head, head.Version));
        (await journal.AddressAsync(Ip($"10.0.0.{head.Version - 1}"), TestContext.Current.CancellationToken)).ShouldBeNull("its unit was refused");
        (await journal.HeadsAsync([HostA], TestContext.Current.CancellationToken))[0].Version.ShouldBe(head.Version - 1);
    }
}
