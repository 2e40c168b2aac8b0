using System.Text;
using Shouldly;
using Xunit;

namespace ActorIpam.Ingest.Tests;

public sealed class Files : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ingest").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_folder_gives_its_manifests_in_lexical_order()
    {
        Put("b.YML", Named("b"));
        Put("a.yaml", Named("a"));
        Put("c.Json", """{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"name": "c"}}""");
        Put("readme.txt", "not: [a manifest");
        Put("sub/d.yaml", Named("d"));

        Read([_root]).Names().ShouldBe(["a", "b", "c"]);
        Read([_root], recursive: true).Names().ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public void Paths_are_read_in_the_order_given()
    {
        var (first, second) = (Put("z.yaml", Named("z")), Put("a.yaml", Named("a")));

        Read([first, "-", second], standardInput: Named("in")).Names().ShouldBe(["z", "in", "a"]);
    }

    [Fact]
    public void A_missing_file_is_a_problem() => Read([Path.Combine(_root, "no.yaml")]).Complaints().ShouldBe([$"{_root}/no.yaml: There is no such file."]);

    [Fact]
    public void A_json_file_must_be_json() => Read([Put("a.json", Named("a"))]).Complaints().ShouldHaveSingleItem().ShouldContain("a.json:1:1: This is not readable JSON: ");

    [Fact]
    public void A_file_that_is_no_text_is_a_problem()
    {
        var path = Path.Combine(_root, "a.yaml");
        File.WriteAllBytes(path, [0x61, 0xFF, 0x62]);

        Read([path]).Complaints().ShouldBe([$"{path}: The file is not text in UTF-8."]);
    }

    [Fact]
    public void One_bad_file_keeps_the_good_ones_from_being_used()
    {
        Put("a.yaml", Named("a"));
        Put("b.yaml", "kind: Nonsense\napiVersion: projectcalico.org/v3\n");

        Read([_root]).Complaints().ShouldHaveSingleItem().ShouldStartWith($"{_root}/b.yaml:1:7: ");
    }

    private static string Named(string name) => $"apiVersion: projectcalico.org/v3\nkind: Node\nmetadata: {{name: {name}}}\n";

    private static Ingestion Read(string[] paths, bool recursive = false, string standardInput = "") =>
        ManifestFiles.Read(paths, recursive, () => new MemoryStream(Encoding.UTF8.GetBytes(standardInput)));

    private string Put(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
