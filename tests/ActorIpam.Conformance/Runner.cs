using ActorIpam.Conformance.Cases;

namespace ActorIpam.Conformance;

/// <summary>Plays the cases of files, each on its own: one that breaks does not end the run.</summary>
/// <param name="report">Where results go.</param>
/// <param name="only">The id of the one case to play; null for all.</param>
internal sealed class Runner(Report report, string? only)
{
    public void Play(CaseFile file)
    {
        foreach (var section in file.Sections)
        {
            var cases = section.Cases.Where(one => only is null || one.Id == only).ToList();
            if (cases.Count > 0)
            {
                Play(report.Section(Path.GetFileName(file.Path), section.Name), cases);
            }
        }
    }

    private void Play(SectionCount section, List<Case> cases)
    {
        if (Sections.Waiting.TryGetValue(section.Name, out var why))
        {
            (section.Skipped, section.Why) = (cases.Count, why);
            return;
        }

        if (Sections.Elsewhere.TryGetValue(section.Name, out var where))
        {
            (section.PlayedElsewhere, section.Where) = (cases.Count, where);
            return;
        }

        foreach (var one in cases)
        {
            var findings = Sections.Played.TryGetValue(section.Name, out var player) ? Play(player, one) : [$"the section '{section.Name}' is unknown"];
            if (findings.Count == 0)
            {
                report.Pass(section, one.Id);
            }
            else
            {
                report.Fail(section, one.Id, findings);
            }
        }
    }

    /// <summary>The process edge of a case: whatever goes wrong in it is its failure.</summary>
    private static IReadOnlyList<string> Play(Action<Case, Findings> player, Case one)
    {
        var findings = new Findings();
        try
        {
            player(one, findings);
        }
        catch (CaseFormatException broken)
        {
            findings.Add(broken.Message);
        }
        catch (Exception failure)
        {
            findings.Add($"{failure.GetType().Name}: {failure.Message}");
        }

        return findings.All;
    }
}
