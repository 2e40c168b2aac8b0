using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>Which project may know which. An arrow that is not here does not exist; a new project is added here first.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["ActorIpam.EventSourcing"] = [],
        ["ActorIpam.Domain"] = ["ActorIpam.EventSourcing"],
        ["ActorIpam.Runtime"] = ["ActorIpam.EventSourcing"],
        ["ActorIpam.Engine"] = ["ActorIpam.Domain", "ActorIpam.Runtime"],
        ["ActorIpam.Storage"] = ["ActorIpam.Domain"],
        ["ActorIpam.Simulation"] = ["ActorIpam.Engine"],
        ["ActorIpam.Client"] = ["ActorIpam.Domain"],
        ["ActorIpam.Ingest"] = ["ActorIpam.Client"],
        ["ActorIpam.Server"] = ["ActorIpam.Engine", "ActorIpam.Ingest", "ActorIpam.Storage"],
        ["ActorIpam.Cli"] = ["ActorIpam.Client", "ActorIpam.Ingest", "ActorIpam.Simulation", "ActorIpam.Storage"],
        ["ActorIpam.Cni"] = ["ActorIpam.Client"],
        ["ActorIpam.Agent"] = ["ActorIpam.Client"],
    };

    /// <summary>Packages that live in one place only, so that they can be replaced there.</summary>
    private static readonly Dictionary<string, string[]> Quarantine = new(StringComparer.Ordinal)
    {
        ["Npgsql"] = ["ActorIpam.Storage"],
        ["Microsoft.Data.Sqlite.Core"] = ["ActorIpam.Storage"],
        ["SQLitePCLRaw.bundle_e_sqlite3"] = ["ActorIpam.Storage"],
        ["YamlDotNet"] = ["ActorIpam.Ingest"],
        ["System.CommandLine"] = ["ActorIpam.Cli", "ActorIpam.Server"],
        ["prometheus-net"] = ["ActorIpam.Server"],
        ["OpenTelemetry.Exporter.OpenTelemetryProtocol"] = ["ActorIpam.Server"],
        ["OpenTelemetry.Instrumentation.AspNetCore"] = ["ActorIpam.Server"],
        ["Spectre.Console"] = ["ActorIpam.Cli"],
    };

    private static readonly string[] DeterministicCore = ["ActorIpam.Domain", "ActorIpam.Engine", "ActorIpam.EventSourcing", "ActorIpam.Runtime", "ActorIpam.Simulation"];

    public static TheoryData<string> Projects => [.. Sources().Select(project => project.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_exactly_what_the_picture_of_the_house_allows(string project)
    {
        Arrows.ShouldContainKey(project, "a new project gets its arrows here, and its reason in docs/");
        References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
            .ShouldBe(Arrows[project].Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_quarantined_package_is_used_in_its_place_only(string project)
    {
        foreach (var package in References(project, "PackageReference").Where(Quarantine.ContainsKey))
        {
            Quarantine[package].ShouldContain(project, package);
        }
    }

    [Fact]
    public void The_deciding_projects_are_the_deterministic_core() =>
        Sources().Where(project => XDocument.Load(project.FullPath).Descendants("DeterministicCore").Any(flag => flag.Value == "true"))
            .Select(project => project.Project).ShouldBe(DeterministicCore, ignoreOrder: true);

    private static IEnumerable<RepositoryFile> Sources() => Repository.Under("src/", ".csproj");

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Sources().Single(file => file.Project == project).FullPath).Descendants(kind)
            .Select(reference => reference.Attribute("Include")?.Value.Replace('\\', '/'))
            .OfType<string>();
}
