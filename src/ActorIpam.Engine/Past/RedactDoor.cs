using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Past;

/// <summary>Blanks attributes by handle. That an address was held stays known; the events hold a digest only.</summary>
/// <remarks>
/// Each unit blanks some rows and needs no fence: blanking twice is blanking once, and a row that moved from address to history is found there.
/// After a crash between two units a repeat goes on with what still shows attributes.
/// </remarks>
internal sealed class RedactDoor(Workplace workplace, Committer committer, IPastViews past)
{
    private const int RowsPerUnit = 500, UnitsPerCall = 20;

    public async Task<Answer<RedactAnswer>> RedactAsync(RedactRequest request, CancellationToken cancellation)
    {
        var checks = new Checks();
        checks.Handle(request.Handle, required: true);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var through = request.Through?.Whole() ?? workplace.Ports.Time.Reading();
        var redacted = 0;
        for (var units = 0; units < UnitsPerCall; units++)
        {
            var rows = await past.UnredactedAsync(request.Handle!, through, RowsPerUnit, cancellation);
            if (rows.IsEmpty)
            {
                return new RedactAnswer(redacted, Done: true, through);
            }

            var unit = new Unit(new(workplace.Ports.Chance.NewId()))
            {
                At = workplace.Ports.Time.Reading(),
                Member = workplace.Options.Name,
                Views = [.. rows.Distinct().Select(static row => new IpamViewChange.AttributesRedacted(row.Ip, row.Generation))],
            };
            if (await committer.CommitAsync(unit) is Outcome.Failed failed)
            {
                throw TurnRunner.Failure(failed);
            }

            redacted += rows.Length;
        }

        return new RedactAnswer(redacted, Done: false, through);
    }
}
