using System.Text;

namespace ActorIpam.Conformance;

/// <summary>What the documents say of conformance is what the last run said.</summary>
internal static class ResultTable
{
    /// <summary>Compares the document with the run, or writes it when UPDATE_GOLDEN is 1.</summary>
    public static void Check(string file, Report report)
    {
        var expected = Write(report);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, expected);
        }
        else if (!File.Exists(file) || File.ReadAllText(file) != expected)
        {
            report.Unreadable($"{file} is not the table of this run: write it with UPDATE_GOLDEN=1.");
        }
    }

    private static string Write(Report report)
    {
        var text = new StringBuilder("""
            # Conformance

            The cases in `tests/conformance` say, as data, what an allocator of this kind must do. `tests/ActorIpam.Conformance` plays them against the engine in process, with a clock of its own;
            the ones about the command line are played against a real member by the suite that is named. This table is written by the run (`--table docs/conformance.md`) and checked by it.

            | File | Section | Cases | Passed | Where not |
            |---|---|---:|---:|---|

            """);
        foreach (var section in report.Sections)
        {
            var cases = section.Passed + section.Failed + section.Skipped + section.PlayedElsewhere;
            var why = section.PlayedElsewhere > 0 ? $"played by `{section.Where}`" : section.Skipped > 0 ? section.Why : "";
            text.Append($"| {section.File} | {section.Name} | {cases} | {section.Passed} | {why} |\n");
        }

        return text.ToString();
    }
}
