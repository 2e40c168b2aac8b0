using ActorIpam.Conformance;
using ActorIpam.Conformance.Cases;

try
{
    return Run(RunnerOptions.Parse(args));
}
catch (ArgumentException bad)
{
    Console.Error.WriteLine(bad.Message);
    Console.Error.WriteLine(RunnerOptions.Usage);
    return 2;
}

static int Run(RunnerOptions options)
{
    var report = new Report(Console.Out, options.Verbose);
    foreach (var path in options.Paths)
    {
        try
        {
            foreach (var file in CaseFile.Find([path]))
            {
                PlayFile(file, options, report);
            }
        }
        catch (CaseFormatException unreadable)
        {
            report.Unreadable(unreadable.Message);
        }
    }

    if (report.Played == 0)
    {
        report.Unreadable(options.Only is null ? "there is no case to play." : $"there is no case {options.Only}.");
    }

    if (options.Table is { } table)
    {
        ResultTable.Check(table, report);
    }

    report.Close();
    return report.Clean ? 0 : 1;
}

static void PlayFile(string path, RunnerOptions options, Report report)
{
    try
    {
        new Runner(report, options.Only).Play(CaseFile.Read(path));
    }
    catch (CaseFormatException unreadable)
    {
        report.Unreadable(unreadable.Message);
    }
}
