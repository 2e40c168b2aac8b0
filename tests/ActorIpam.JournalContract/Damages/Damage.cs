using ActorIpam.Domain.Requests;

namespace ActorIpam.JournalContract.Damages;

/// <summary>One way to spoil what is stored, behind the back of every member.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Kind">How the check must name it.</param>
/// <param name="IsMended">Whether a repair makes it right; else it is found again behind one.</param>
/// <param name="Sql">
/// What does it. In braces stand the words of <see cref="DamagedWorld"/>, and <c>{a|b}</c> for what SQLite and PostgreSQL write differently.
/// </param>
public sealed record Damage(string Name, CheckKind Kind, bool IsMended, string Sql)
{
    /// <summary>What it spoils is there as well when the first rows of streams are cut.</summary>
    public bool IsAlsoOfCutStreams { get; init; }

    public override string ToString() => Name;
}
