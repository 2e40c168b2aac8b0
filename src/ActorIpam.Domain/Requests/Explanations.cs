using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>How a request for addresses was decided: by the code that decided it, with the counts of that moment.</summary>
public sealed record AssignExplanation
{
    /// <summary>The version of the catalog it was decided on.</summary>
    public long Catalog { get; init; }

    public ImmutableArray<FamilyExplanation> Families { get; init; } = [];

    /// <summary>The same in sentences, a line each.</summary>
    public ImmutableArray<string> Lines() => [.. Families.SelectMany(static family => family.Lines())];
}

/// <summary>One family of a request.</summary>
/// <param name="Family">4 or 6.</param>
/// <param name="Wanted">How many addresses were asked for.</param>
/// <param name="Given">How many there are.</param>
/// <param name="Pools">Those that serve first, in the order they are tried; then those that do not, with the reason. At most 50.</param>
/// <param name="MorePools">How many pools that do not serve are not listed.</param>
/// <param name="Steps">What was done, in order: own blocks, claims, reclaims, borrowing, and what ended it.</param>
/// <param name="Addresses">What was taken, each with its reason.</param>
public sealed record FamilyExplanation(
    int Family, int Wanted, int Given, ImmutableArray<ExplainedPool> Pools, int MorePools, ImmutableArray<string> Steps, ImmutableArray<ExplainedAddress> Addresses)
{
    internal IEnumerable<string> Lines()
    {
        yield return $"IPv{Family}: {Given} of {Wanted}";
        foreach (var pool in Pools)
        {
            yield return $"  pool {pool.Pool} ({pool.Cidr}): {pool.Reason}{(pool.Blocks is null ? "" : $"; {pool.Blocks}")}";
        }

        if (MorePools > 0)
        {
            yield return $"  and {MorePools} more pools that do not serve this request";
        }

        foreach (var step in Steps)
        {
            yield return "  " + step;
        }
    }
}

/// <summary>What a pool was to a request.</summary>
/// <param name="Pool">Its name.</param>
/// <param name="Cidr">Its range.</param>
/// <param name="Verdict">One of <see cref="PoolService"/>.</param>
/// <param name="Reason">The sentence for people.</param>
/// <param name="Blocks">For a pool that serves: its blocks in counts, such as <c>14 full, 2 cooling (first free at …)</c>; null when nobody had to look.</param>
public sealed record ExplainedPool(string Pool, string Cidr, PoolService Verdict, string Reason, string? Blocks = null);

/// <summary>Why a pool serves a request or not; the first that applies.</summary>
public enum PoolService
{
    /// <summary>It serves.</summary>
    Serves,

    /// <summary><c>spec.disabled</c>.</summary>
    Disabled,

    /// <summary>Its blocks are smaller than what the host keeps of each for itself.</summary>
    BlocksTooSmall,

    /// <summary>The request names other pools.</summary>
    NotRequested,

    /// <summary><c>assignmentMode: Manual</c>, and the request does not name it.</summary>
    Manual,

    /// <summary>A stored selector cannot be read.</summary>
    SelectorUnreadable,

    /// <summary><c>nodeSelector</c> does not match the labels of the node.</summary>
    NodeNotSelected,

    /// <summary><c>namespaceSelector</c> does not match the labels of the namespace.</summary>
    NamespaceNotSelected,

    /// <summary><c>allowedUses</c> does not name the use.</summary>
    UseNotAllowed,
}

/// <param name="Address">The address.</param>
/// <param name="Reason">Why this one.</param>
public sealed record ExplainedAddress(string Address, GrantReason Reason);

/// <summary>Why an address was given.</summary>
public sealed record GrantReason
{
    /// <summary>own, claimed, reclaimed, borrowed or asked.</summary>
    public required string Why { get; init; }

    /// <summary>The sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>The pool as it was then; null when it cannot be told any more.</summary>
    public string? Pool { get; init; }

    /// <summary>The node selector by which the pool was chosen; null when the pool was named, or when it cannot be told any more.</summary>
    public string? Selector { get; init; }

    /// <summary>From whom: the owner of the block (borrowed), or who had it before (reclaimed).</summary>
    public string? From { get; init; }

    /// <summary>How many blocks the holder owned then in the pools of the request.</summary>
    public int? Blocks { get; init; }

    /// <summary>How many addresses of the block were free then.</summary>
    public int? Free { get; init; }

    /// <summary>The version of the catalog it was decided on; null for what an older release decided.</summary>
    public long? Catalog { get; init; }
}

/// <summary>Asks why: about exactly one of a request, a handle and an address.</summary>
public sealed record ExplainQuery
{
    public string? Request { get; init; }

    public string? Handle { get; init; }

    public string? Ip { get; init; }
}

/// <summary>What can be told about a request, a handle or an address: from the journal, and from the memory of the member that answers.</summary>
public sealed record ExplainAnswer
{
    /// <summary>What was asked about, such as <c>handle web-1</c>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The present state in sentences, and what is not known any more.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Addresses that are or were held, each with the reason it was given. From the journal; at most 50.</summary>
    public ImmutableArray<ExplainedGrant> Grants { get; init; } = [];

    /// <summary>Decisions the member that was asked made and still remembers, or, when that is none, those of the others; newest first, at most 50.</summary>
    public ImmutableArray<RememberedDecision> Decisions { get; init; } = [];
}

/// <param name="Address">The address.</param>
/// <param name="Handle">The holder's durable name.</param>
/// <param name="Host">The host that asked.</param>
/// <param name="Generation">The generation it is or was held under.</param>
/// <param name="From">Since when.</param>
/// <param name="To">Until when; null while it is held.</param>
/// <param name="Reason">Why it was given; null when the journal no longer keeps that.</param>
public sealed record ExplainedGrant(string Address, string? Handle, string? Host, long Generation, DateTimeOffset From, DateTimeOffset? To, GrantReason? Reason);

/// <summary>A decision about a request for addresses, as the member that made it remembers it.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Request">The request's id.</param>
/// <param name="Handle">The handle.</param>
/// <param name="Host">The host.</param>
/// <param name="Outcome">granted, short or the code of the refusal; with <c>(dry run)</c> behind it for a rehearsal.</param>
/// <param name="Addresses">What was given.</param>
/// <param name="Message">The sentence the caller got; null for a plain grant.</param>
/// <param name="Details">What ruled pools and blocks out, a line each.</param>
public sealed record RememberedDecision(
    DateTimeOffset At, string Request, string? Handle, string Host, string Outcome, ImmutableArray<string> Addresses, string? Message, ImmutableArray<string> Details)
{
    /// <summary>The member that made and remembers it.</summary>
    public string? Member { get; init; }
}
