using System.Collections.Concurrent;
using ActorIpam.Domain.Access;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Journals that are emptied and used again, for the many programs: raising the tables and opening connections takes longer than playing one.</summary>
public sealed class PostgresEmptied : IJournalSource
{
    private readonly ConcurrentBag<Emptied> _idle = [];

    public async Task<IJournalUnderTest> OpenAsync() => _idle.TryTake(out var idle) ? idle : await Emptied.NewAsync(_idle);

    private sealed class Emptied : IJournalUnderTest
    {
        private readonly PostgresUnderTest _under;
        private readonly ConcurrentBag<Emptied> _idle;
        private string _emptying = "";

        private Emptied(PostgresUnderTest under, ConcurrentBag<Emptied> idle) => (_under, _idle) = (under, idle);

        public IJournal Journal => _under.Journal;

        public IViews Views => _under.Views;

        public ITokens Tokens => _under.Tokens;

        public static async Task<Emptied> NewAsync(ConcurrentBag<Emptied> idle)
        {
            var emptied = new Emptied(await PostgresSource.NewAsync(), idle);
            await emptied.RememberAsync();
            return emptied;
        }

        public async ValueTask DisposeAsync()
        {
            await _under.RunAsync(_emptying);
            _idle.Add(this);
        }

        /// <summary>Every table is emptied; one that holds rows from the beginning gets them back from a copy.</summary>
        private async Task RememberAsync()
        {
            var (schema, first) = (_under.Options.Schema, $"{_under.Options.Schema}_first");
            await _under.RunAsync($"create schema {first}");
            var tables = new List<string>();
            await using (var connection = await _under.ConnectAsync())
            await using (var list = connection.CreateCommand())
            {
                list.CommandText = $"select tablename from pg_tables where schemaname = '{schema}'";
                await using var rows = await list.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                {
                    tables.Add(rows.GetString(0));
                }
            }

            var statements = new List<string> { $"truncate {string.Join(", ", tables.Select(table => $"{schema}.{table}"))} restart identity" };
            foreach (var table in tables)
            {
                if (await _under.RunAsync($"select count(*) from {schema}.{table}") > 0)
                {
                    await _under.RunAsync($"create table {first}.{table} as select * from {schema}.{table}");
                    statements.Add($"insert into {schema}.{table} select * from {first}.{table}");
                }
            }

            _emptying = string.Join("; ", statements);
        }
    }
}
