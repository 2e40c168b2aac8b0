using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Postgres;

/// <summary>Requests that were stored or refused lately, as this member was told: who asks again will be refused, so a batch with him is no set that could be written.</summary>
/// <remarks>A hint, of marks that others take over in time: whoever follows it in vain pays for a judgement unit by unit, and the database judges in any case. Calls may run concurrently.</remarks>
internal sealed class KnownRequests
{
    /// <summary>Seconds of a member at its fastest, in 64 KiB.</summary>
    private const int Marks = 16_384;

    private readonly int[] _marks = new int[Marks];

    public bool HasAny(IEnumerable<string> requests) => requests.Any(Has);

    public bool HasAnyOf(Unit unit) => unit.Guards.OfType<IpamGuard.NewRequest>().Any(request => Has(request.Id));

    /// <summary>Notes whom the outcomes tell to be refused when he comes again.</summary>
    public void Add(IReadOnlyList<Unit> units, IReadOnlyList<Outcome> outcomes)
    {
        for (var index = 0; index < Math.Min(units.Count, outcomes.Count); index++)
        {
            if (outcomes[index] is Outcome.Won or Outcome.Refused)
            {
                foreach (var request in units[index].Guards.OfType<IpamGuard.NewRequest>())
                {
                    var hash = Hash(request.Id);
                    _marks[hash & (Marks - 1)] = hash;
                }
            }
        }
    }

    private bool Has(string request)
    {
        var hash = Hash(request);
        return _marks[hash & (Marks - 1)] == hash;
    }

    /// <summary>0 is no request.</summary>
    private static int Hash(string request) => string.GetHashCode(request, StringComparison.Ordinal) is not 0 and var hash ? hash : 1;
}
