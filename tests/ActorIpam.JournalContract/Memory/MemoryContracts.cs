using ActorIpam.JournalContract.Contracts;
using ActorIpam.JournalContract.Programs;

namespace ActorIpam.JournalContract.Memory;

public sealed class MemoryUnits() : UnitContract(new MemorySource());

public sealed class MemoryTails() : TailContract(new MemorySource());

public sealed class MemoryUpkeep() : UpkeepContract(new MemorySource());

public sealed class MemoryBrowsing() : BrowserContract(new MemorySource());

public sealed class MemoryGuards() : GuardContract(new MemorySource());

public sealed class MemoryViewChanges() : ViewChangeContract(new MemorySource());

public sealed class MemoryQueries() : QueryContract(new MemorySource());

public sealed class MemoryDue() : DueContract(new MemorySource());

public sealed class MemoryKeptTokens() : TokenContract(new MemorySource());

public sealed class MemoryConcurrency() : ConcurrencyContract(new MemorySource());

/// <summary>Memory against itself: shows that programs repeat and that their questions can be answered.</summary>
public sealed class MemoryPrograms() : ProgramContract(new MemorySource());

public sealed class MemoryRepair() : RepairContract(new MemorySource());
