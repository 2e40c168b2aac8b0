namespace ActorIpam.EndToEnd.Telemetry;

/// <summary>Files of the repository.</summary>
internal static class Documents
{
    public static string Read(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Directory.Packages.props")))
            {
                return File.ReadAllText(Path.Combine(at.FullName, path));
            }
        }

        throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
