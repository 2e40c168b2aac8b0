namespace ActorIpam.Conformance;

/// <summary>Counts and prints what became of cases: a line for each failure as it happens, the sections and the sum at the end.</summary>
internal sealed class Report(TextWriter output, bool verbose)
{
    private readonly List<SectionCount> _sections = [];
    private int _unreadable;

    public IReadOnlyList<SectionCount> Sections => _sections;

    private int Failed => _sections.Sum(section => section.Failed) + _unreadable;

    private int Passed => _sections.Sum(section => section.Passed);

    public bool Clean => Failed == 0;

    public int Played => Passed + Failed + _sections.Sum(section => section.Skipped + section.PlayedElsewhere);

    public SectionCount Section(string file, string name)
    {
        var section = new SectionCount(file, name);
        _sections.Add(section);
        return section;
    }

    public void Pass(SectionCount section, string id)
    {
        section.Passed++;
        if (verbose)
        {
            output.WriteLine($"pass {id}");
        }
    }

    public void Fail(SectionCount section, string id, IEnumerable<string> findings)
    {
        section.Failed++;
        output.WriteLine($"FAIL {id} {string.Join("; ", findings).ReplaceLineEndings(" ")}");
    }

    /// <summary>A file that cannot be read counts as one failure, whatever is in it.</summary>
    public void Unreadable(string message)
    {
        _unreadable++;
        output.WriteLine($"ERROR {message.ReplaceLineEndings(" ")}");
    }

    public void Close()
    {
        foreach (var section in _sections)
        {
            output.WriteLine($"{section.File,-18} {section.Name,-22} {section}");
        }

        var skipped = _sections.Sum(section => section.Skipped);
        var elsewhere = _sections.Sum(section => section.PlayedElsewhere);
        output.WriteLine($"{Passed} passed, {Failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}{(elsewhere > 0 ? $", {elsewhere} played elsewhere" : "")}");
    }
}

/// <summary>What became of the cases of one section.</summary>
internal sealed class SectionCount(string file, string name)
{
    public string File { get; } = file;

    public string Name { get; } = name;

    public int Passed { get; set; }

    public int Failed { get; set; }

    public int Skipped { get; set; }

    /// <summary>Why its cases are skipped.</summary>
    public string? Why { get; set; }

    /// <summary>Cases that count in the numbers of another suite, and not in these.</summary>
    public int PlayedElsewhere { get; set; }

    /// <summary>The suite that plays them.</summary>
    public string? Where { get; set; }

    public override string ToString() => PlayedElsewhere > 0 ? $"{PlayedElsewhere} played by {Where}" : Skipped > 0 ? $"{Skipped} skipped: {Why}" : $"{Passed} passed, {Failed} failed";
}
