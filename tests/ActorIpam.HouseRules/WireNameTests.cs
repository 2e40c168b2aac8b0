using System.Reflection;
using System.Text.Json.Nodes;
using ActorIpam.Domain;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>What was written once must be readable for ever: every event has a golden file, every refusal a line in the documents.</summary>
public sealed class WireNameTests
{
    public static TheoryData<string> Codecs => [.. CodecTypes().Select(codec => codec.FullName!)];

    [Fact]
    public void The_codecs_are_found() => CodecTypes().ShouldNotBeEmpty();

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Every_event_is_read_from_some_golden_file(string codec)
    {
        var family = FamilyOf(CodecNamed(codec));
        var read = (IReadOnlyCollection<Type>)Call(codec, nameof(ReadWith));
        family.GetNestedTypes().Where(family.IsAssignableFrom).Except(read).Select(fact => fact.Name)
            .ShouldBeEmpty($"events of {family.Name} without a file under tests/**/Golden/");
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_a_golden_file_of_the_present_schema_tells_is_written_in_the_same_words_today(string codec) =>
        ((IReadOnlyCollection<string>)Call(codec, nameof(RewrittenOtherwise))).ShouldBeEmpty();

    [Fact]
    public void Every_refusal_code_is_told_in_the_documents()
    {
        var reference = Repository.Under("docs/", ".md")
            .Where(file => file.Path is "docs/resources.md" || file.Path.StartsWith("docs/reference", StringComparison.Ordinal))
            .ToList();
        if (reference.Count == 0)
        {
            Assert.Skip("The reference is not written yet.");
        }

        var words = reference.SelectMany(file => file.Lines).SelectMany(line => line.Split(WordEnds)).ToHashSet(StringComparer.Ordinal);
        Enum.GetNames<RefusalCode>().Where(code => !words.Contains(code)).ShouldBeEmpty();
    }

    private static char[] WordEnds { get; } = [' ', '`', '|', ',', '.', ':', ';', '(', ')', '/', '*'];

    private static List<Type> CodecTypes() =>
        [.. new[] { typeof(IpamDoor).Assembly, typeof(RefusalCode).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.GetInterfaces().Any(IsCodec))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)];

    private static bool IsCodec(Type port) => port.IsGenericType && port.GetGenericTypeDefinition() == typeof(IEventCodec<>);

    private static Type FamilyOf(Type codec) => codec.GetInterfaces().First(IsCodec).GetGenericArguments()[0];

    private static Type CodecNamed(string codec) => CodecTypes().Single(one => one.FullName == codec);

    private static object Call(string codec, string method) =>
        typeof(WireNameTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(FamilyOf(CodecNamed(codec))).Invoke(null, [Activator.CreateInstance(CodecNamed(codec), nonPublic: true)])!;

    /// <summary>The types of all events that the codec finds in golden files.</summary>
    private static HashSet<Type> ReadWith<TEvent>(IEventCodec<TEvent> codec) =>
        [.. from schema in Enumerable.Range(1, codec.Schema)
            from file in GoldenFiles()
            from fact in TryRead(codec, file, schema) ?? []
            select fact!.GetType()];

    /// <summary>Golden files that the codec reads and would write with other words today.</summary>
    private static List<string> RewrittenOtherwise<TEvent>(IEventCodec<TEvent> codec) =>
        [.. from file in GoldenFiles()
            let facts = TryRead(codec, file, codec.Schema)
            where facts is not null && !JsonNode.DeepEquals(JsonNode.Parse(codec.Write(facts)), JsonNode.Parse(TextOf(file)))
            select $"{file.Path}: {codec.Write(facts)}"];

    /// <summary>Null when the file is of another family or schema.</summary>
    private static IReadOnlyList<TEvent>? TryRead<TEvent>(IEventCodec<TEvent> codec, RepositoryFile file, int schema)
    {
        try
        {
            return codec.Read(TextOf(file), schema);
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }

    /// <summary>A golden file holds a row of the journal, an array, or one event of it.</summary>
    private static string TextOf(RepositoryFile file)
    {
        var text = File.ReadAllText(file.FullPath).Trim();
        return text.StartsWith('[') ? text : $"[{text}]";
    }

    private static IEnumerable<RepositoryFile> GoldenFiles() =>
        Repository.Under("tests/", ".json").Where(file => file.Path.Contains("/Golden/", StringComparison.Ordinal));
}
