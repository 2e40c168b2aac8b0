using ActorIpam.JournalContract.Contracts;
using ActorIpam.JournalContract.Programs;

namespace ActorIpam.JournalContract.Postgres;

public sealed class PostgresUnits() : UnitContract(new PostgresSource());

public sealed class PostgresTails() : TailContract(new PostgresSource());

public sealed class PostgresUpkeep() : UpkeepContract(new PostgresSource());

public sealed class PostgresBrowsing() : BrowserContract(new PostgresSource());

public sealed class PostgresGuards() : GuardContract(new PostgresSource());

public sealed class PostgresViewChanges() : ViewChangeContract(new PostgresSource());

public sealed class PostgresQueries() : QueryContract(new PostgresSource());

public sealed class PostgresDue() : DueContract(new PostgresSource());

public sealed class PostgresKeptTokens() : TokenContract(new PostgresSource());

public sealed class PostgresConcurrency() : ConcurrencyContract(new PostgresSource());

public sealed class PostgresPrograms() : ProgramContract(new PostgresEmptied());

public sealed class PostgresRepair() : RepairContract(new PostgresSource());
