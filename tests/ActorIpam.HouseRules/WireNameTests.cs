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
        var type = CodecTypes().Single(one => one.FullName == codec);
        var family = FamilyOf(type);
        var read = (IReadOnlyCollection<Type>)typeof(WireNameTests).GetMethod(nameof(ReadWith), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(family).Invoke(null, [Activator.CreateInstance(type, nonPublic: true)])!;
        family.GetNestedTypes().Where(family.IsAssignableFrom).Except(read).Select(fact => fact.Name)
            .ShouldBeEmpty($"events of {family.Name} without a file under tests/**/Golden/");
    }

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

    /// <summary>The types of all events that the codec finds in golden files. Files of other families are unreadable to it.</summary>
    private static HashSet<Type> ReadWith<TEvent>(IEventCodec<TEvent> codec)
    {
        var found = new HashSet<Type>();
        foreach (var file in Repository.Under("tests/", ".json").Where(file => file.Path.Contains("/Golden/", StringComparison.OrdinalIgnoreCase)))
        {
            var text = File.ReadAllText(file.FullPath).Trim();
            for (var schema = 1; schema <= codec.Schema; schema++)
            {
                try
                {
                    found.UnionWith(codec.Read(text.StartsWith('[') ? text : $"[{text}]", schema).Select(fact => fact!.GetType()));
                }
                catch (UnreadableEventException)
                {
                    continue;
                }
            }
        }

        return found;
    }
}
