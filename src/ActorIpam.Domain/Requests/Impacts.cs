using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>What a change of resources would do to hosts, blocks, addresses and routes: the changes are decided together, in their order, and nothing is written.</summary>
public sealed record ImpactReport
{
    /// <summary>The changes, in their order.</summary>
    public ImmutableArray<ImpactItem> Items { get; init; } = [];

    /// <summary>What the changes do to the routes of nodes, all of them together.</summary>
    public ImmutableArray<string> Routes { get; init; } = [];

    /// <summary>All effects, a line each, in the words <c>Warning</c> headers carry.</summary>
    public ImmutableArray<string> Lines() => [.. Items.SelectMany(static item => item.Effects.Select(effect => $"{item.Title}: {effect.Message}")), .. Routes];
}

/// <summary>One change.</summary>
/// <param name="Kind">The kind of the resource.</param>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">created, configured, unchanged, deleted or refused.</param>
/// <param name="Effects">What it does, most important first; empty when nobody would notice.</param>
public sealed record ImpactItem(string Kind, string Name, string Outcome, ImmutableArray<ImpactEffect> Effects)
{
    /// <summary>How sentences name it, such as <c>IPPool web</c>.</summary>
    public string Title => $"{Kind} {Name}";
}

/// <param name="Code">The kind of effect: see docs/why.md.</param>
/// <param name="Message">The sentence for people, with counts and the first few names.</param>
/// <param name="Count">How many things it is about; null when it is about none that can be counted.</param>
public sealed record ImpactEffect(string Code, string Message, long? Count = null);
