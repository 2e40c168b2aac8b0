using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace ActorIpam.HouseRules;

/// <summary>What the files under deploy/ say must be what the programs understand.</summary>
/// <remarks>The settings come from docs/reference/ipamd.md, which another test holds against the program itself.</remarks>
public sealed partial class DeploymentTests
{
    private static readonly HashSet<string> Variables = [.. OptionRow().Matches(Text("docs/reference/ipamd.md")).Select(row => row.Groups["variable"].Value)];

    /// <summary>Variables of the command line, which the image sets as well.</summary>
    private static readonly string[] OfTheCommandLine = ["IPAM_SERVER"];

    public static TheoryData<string> YamlFiles =>
        [.. Directory.EnumerateFiles(At("deploy"), "*.y*ml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Root, file)).Append("docker-compose.yml").Order(StringComparer.Ordinal)];

    public static TheoryData<string> FilesWithVariables => [.. YamlFiles.Select(row => row.Data).Append("deploy/docker/Dockerfile").Where(file => Used(file).Length > 0)];

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void A_file_is_yaml_without_doubled_keys(string file) => Documents(file).ShouldNotBeEmpty(file);

    [Theory]
    [MemberData(nameof(FilesWithVariables))]
    public void Every_variable_is_a_setting_the_member_has(string file)
    {
        Variables.Count.ShouldBeGreaterThan(10, "the table of settings was read");
        Used(file).Except(OfTheCommandLine).Where(variable => !Variables.Contains(variable)).ShouldBeEmpty(file);
    }

    [Fact]
    public void Every_setting_of_the_service_is_one_the_member_has()
    {
        using var settings = JsonDocument.Parse(Text("deploy/systemd/ipamd.json"), new() { CommentHandling = JsonCommentHandling.Skip });
        settings.RootElement.EnumerateObject().Select(setting => "IPAM_" + setting.Name.ToUpperInvariant().Replace('-', '_'))
            .Where(variable => !Variables.Contains(variable)).ShouldBeEmpty();
        FlagOf().Matches(Line("deploy/systemd/ipamd.service", "ExecStart=")).Select(flag => "IPAM_" + flag.Groups[1].Value.ToUpperInvariant().Replace('-', '_'))
            .Where(variable => !Variables.Contains(variable)).ShouldBeEmpty();
    }

    [Fact]
    public void Members_of_the_composition_differ_in_nothing_but_their_name()
    {
        var services = (YamlMappingNode)Documents("docker-compose.yml").Single()["services"];
        var members = services.Children.Where(service => service.Key.ToString().StartsWith("ipam-", StringComparison.Ordinal)).ToList();
        members.Count.ShouldBe(3);
        members.Select(member => Environment(member.Value).Replace(member.Key.ToString(), "NAME", StringComparison.Ordinal)).Distinct().Count().ShouldBe(1);
        var certificates = services["certificates"]["entrypoint"].ToString();
        members.ShouldAllBe(member => certificates.Contains(member.Key.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deploy/kubernetes/base")]
    [InlineData("deploy/kubernetes/overlays/trial")]
    [InlineData("deploy/kubernetes/overlays/production")]
    public void A_kustomization_names_files_that_are_there(string folder)
    {
        var kustomization = Documents($"{folder}/kustomization.yaml").Single();
        string[] named = [.. Names(kustomization, "resources"), .. Names(kustomization, "patches")];
        named.ShouldNotBeEmpty();
        named.Select(name => At($"{folder}/{name}")).Where(path => !File.Exists(path) && !Directory.Exists(path)).ShouldBeEmpty();
        Directory.EnumerateFiles(At(folder), "*.yaml").Select(Path.GetFileName).Where(file => file != "kustomization.yaml" && !named.Contains(file)).ShouldBeEmpty("a file nobody names is never applied");
    }

    [Fact]
    public void The_pods_mount_what_their_settings_name_and_probe_ports_they_have()
    {
        var pod = (YamlMappingNode)Documents("deploy/kubernetes/base/members.yaml").Single()["spec"]["template"]["spec"];
        var container = ((YamlSequenceNode)pod["containers"]).Single();
        var ports = Sequence(container["ports"]).Select(port => port["name"].ToString()).ToList();
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            ports.ShouldContain(container[probe]["httpGet"]["port"].ToString());
        }

        var mounts = Sequence(container["volumeMounts"]).ToDictionary(mount => mount["name"].ToString(), mount => mount["mountPath"].ToString());
        mounts.Keys.Order(StringComparer.Ordinal).ShouldBe(Sequence(pod["volumes"]).Select(volume => volume["name"].ToString()).Order(StringComparer.Ordinal));
        var paths = Sequence(container["env"]).OfType<YamlMappingNode>().Where(variable => variable.Children.ContainsKey("value")).Select(variable => variable["value"].ToString()).Where(value => value.StartsWith('/'));
        paths.Where(path => !mounts.Values.Any(mount => path.StartsWith(mount + "/", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void The_standby_has_what_was_acknowledged()
    {
        var settings = Documents("deploy/patroni/patroni.yml").Single()["bootstrap"]["dcs"];
        settings["synchronous_mode"].ToString().ShouldBe("true");
        settings["synchronous_mode_strict"].ToString().ShouldBe("true");
        settings["maximum_lag_on_failover"].ToString().ShouldBe("0");
        settings["postgresql"]["parameters"]["synchronous_commit"].ToString().ShouldBe("on");
        settings["postgresql"]["parameters"]["fsync"].ToString().ShouldBe("on");
    }

    [Fact]
    public void The_image_runs_as_nobody_special_and_asks_itself_whether_it_is_ready()
    {
        var steps = File.ReadAllLines(At("deploy/docker/Dockerfile"));
        steps.Last(step => step.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe("USER $APP_UID");
        steps.ShouldContain(step => step.StartsWith("HEALTHCHECK ", StringComparison.Ordinal) && step.Contains("\"ipamctl\", \"ready\"", StringComparison.Ordinal));
        File.Exists(At("src/ActorIpam.Cli/Commands/ReadyCommand.cs")).ShouldBeTrue();
    }

    private static string At(string path) => Path.Combine(Repository.Root, path);

    private static string Text(string path) => File.ReadAllText(At(path));

    private static string[] Used(string file) => [.. Variable().Matches(Text(file)).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    private static string Line(string file, string start) => File.ReadLines(At(file)).Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Environment(YamlNode service) => ((YamlMappingNode)service["environment"]).ToString();

    private static IEnumerable<YamlNode> Sequence(YamlNode node) => ((YamlSequenceNode)node).Children;

    private static IEnumerable<string> Names(YamlNode kustomization, string list) =>
        kustomization is YamlMappingNode mapping && mapping.Children.TryGetValue(list, out var named)
            ? Sequence(named).Select(item => item is YamlMappingNode ? item["path"].ToString() : item.ToString())
            : [];

    private static List<YamlNode> Documents(string file)
    {
        var stream = new YamlStream();
        using var text = new StringReader(Text(file));
        stream.Load(text);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    [GeneratedRegex(@"\| `--[a-z-]+ [^`]*` \| `(?<variable>IPAM_[A-Z_]+)`")]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"\bIPAM_[A-Z_]+\b")]
    private static partial Regex Variable();

    [GeneratedRegex(@"--([a-z-]+)")]
    private static partial Regex FlagOf();
}
