using ActorIpam.JournalContract.Contracts;
using ActorIpam.JournalContract.Programs;

namespace ActorIpam.JournalContract.Sqlite;

public sealed class SqliteUnits() : UnitContract(new SqliteSource());

public sealed class SqliteTails() : TailContract(new SqliteSource());

public sealed class SqliteUpkeep() : UpkeepContract(new SqliteSource());

public sealed class SqliteBrowsing() : BrowserContract(new SqliteSource());

public sealed class SqliteGuards() : GuardContract(new SqliteSource());

public sealed class SqliteViewChanges() : ViewChangeContract(new SqliteSource());

public sealed class SqliteQueries() : QueryContract(new SqliteSource());

public sealed class SqliteDue() : DueContract(new SqliteSource());

public sealed class SqliteKeptTokens() : TokenContract(new SqliteSource());

public sealed class SqliteConcurrency() : ConcurrencyContract(new SqliteSource());

public sealed class SqlitePrograms() : ProgramContract(new SqliteSource());

public sealed class SqliteRepair() : RepairContract(new SqliteSource());
