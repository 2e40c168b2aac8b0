using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>What opening makes, refuses and says.</summary>
public sealed class PostgresStarts
{
    [Fact]
    public async Task Members_that_start_together_make_the_tables_once_and_share_them()
    {
        await using var under = await PostgresSource.NewAsync();
        await under.RunAsync($"drop schema {under.Options.Schema} cascade");

        var members = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresJournal.OpenAsync(under.ConnectionString, under.Options, TimeProvider.System)));

        (await members[0].AppendAsync([Unit(Append(Pool, Head.None))]))[0].ShouldBeOfType<Outcome.Won>();
        (await members[3].HeadsAsync([Pool], TestContext.Current.CancellationToken))[0].Version.ShouldBe(1);
        (await under.RunAsync("select count(*) from schema_version where version <= 2")).ShouldBe(2);
        members[0].Warning.ShouldNotBeNull().ShouldContain("synchronous_standby_names");
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Tables_of_a_newer_program_are_refused()
    {
        await using var under = await PostgresSource.NewAsync();
        await under.RunAsync("insert into schema_version (version) values (9999)");

        (await RefusedAsync(under.ConnectionString, under.Options)).ShouldContain("version 9999");
    }

    [Fact]
    public async Task Tables_of_an_older_program_are_raised_and_keep_what_they_hold()
    {
        await using var under = await PostgresSource.NewAsync();
        var head = await under.MoveAsync(Pool, Head.None);
        await under.RunAsync(
            """
            drop function append_units, write_all, judge_unit, refused_guards, moved_heads, write_units;
            drop table member;
            drop sequence member_incarnation;
            delete from schema_version where version > 1
            """);

        await using var raised = await PostgresJournal.OpenAsync(under.ConnectionString, under.Options, TimeProvider.System);

        (await raised.AppendAsync([Unit(Append(Pool, head))]))[0].ShouldBeOfType<Outcome.Won>();
    }

    [Fact]
    public async Task A_server_that_cannot_be_used_is_refused_with_one_sentence()
    {
        var server = await PostgresServer.SharedAsync();
        var options = new PostgresOptions { Schema = "refused" };

        (await RefusedAsync("Host=127.0.0.1;Colour=blue", options)).ShouldContain("cannot be read");
        (await RefusedAsync("Username=postgres", options)).ShouldContain("Host");
        (await RefusedAsync("Host=127.0.0.1;Port=1;Username=postgres", options)).ShouldContain("cannot be reached");
        (await RefusedAsync(server.ConnectionString.Replace("Database=postgres", "Database=nowhere", StringComparison.Ordinal), options)).ShouldContain("no such database");
        (await RefusedAsync(server.ConnectionString, options with { Schema = "Bad\"Name" })).ShouldContain("no schema name");
    }

    [Fact]
    public async Task An_account_without_rights_is_told_so()
    {
        await using var under = await PostgresSource.NewAsync();
        await under.RunAsync("create role stranger login");
        try
        {
            var stranger = under.ConnectionString.Replace("Username=postgres", "Username=stranger", StringComparison.Ordinal);
            (await RefusedAsync(stranger, under.Options)).ShouldContain("lacks a right");
            (await RefusedAsync(stranger, under.Options with { Schema = "elsewhere" })).ShouldContain("lacks a right");
        }
        finally
        {
            await under.RunAsync("drop role stranger");
        }
    }

    private static async Task<string> RefusedAsync(string connectionString, PostgresOptions options) =>
        (await Should.ThrowAsync<PostgresStartException>(() => PostgresJournal.OpenAsync(connectionString, options, TimeProvider.System))).Message;
}
