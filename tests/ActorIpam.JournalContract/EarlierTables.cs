namespace ActorIpam.JournalContract;

/// <summary>Takes back what later steps made, so that tables are as the first release left them. A new step adds its own line here.</summary>
internal static class EarlierTables
{
    /// <summary>PostgreSQL as of step 2. What step 7 made stays, because this program's own appends call it; the step makes it anew.</summary>
    public const string Postgres = """
        drop table moved, snapshot, member, token, block_history, resource_history, history_horizon;
        drop sequence if exists member_incarnation;
        drop index address_history_ip, address_history_handle, address_history_owner, address_history_pool, address_history_released;
        drop function write_units, write_past, write_told, write_retold, refuse_when_moved;
        alter function write_present rename to write_units;
        delete from schema_version where version > 2;
        """;

    /// <summary>A SQLite file as of step 1, the only one it had.</summary>
    public const string Sqlite = """
        DROP TABLE moved; DROP TABLE snapshot; DROP TABLE token; DROP TABLE block_history; DROP TABLE resource_history; DROP TABLE history_horizon;
        DROP INDEX address_history_ip; DROP INDEX address_history_handle; DROP INDEX address_history_owner; DROP INDEX address_history_pool; DROP INDEX address_history_released;
        PRAGMA user_version = 1;
        """;
}
