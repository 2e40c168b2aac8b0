using ActorIpam.Domain;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>What was written once must be readable for ever: every event has a golden file, every refusal a line in the documents.</summary>
public sealed class WireNameTests
{
    [Fact]
    public void Every_event_of_a_family_with_a_codec_has_a_golden_file()
    {
        var golden = Repository.Under("tests/", ".json").Where(file => file.Path.Contains("/Golden/", StringComparison.Ordinal))
            .Select(file => Letters(Path.GetFileNameWithoutExtension(file.Name)))
            .ToList();
        var missing =
            from family in EventFamilies()
            from fact in family.GetNestedTypes().Where(family.IsAssignableFrom)
            let name = Letters(fact.Name)
            where !golden.Exists(file => file.Contains(name, StringComparison.Ordinal))
            select $"{family.Name}.{fact.Name}";
        missing.ShouldBeEmpty();
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

    private static IEnumerable<Type> EventFamilies() =>
        new[] { typeof(IpamDoor).Assembly, typeof(RefusalCode).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetInterfaces())
            .Where(port => port.IsGenericType && port.GetGenericTypeDefinition() == typeof(IEventCodec<>))
            .Select(port => port.GetGenericArguments()[0])
            .Distinct();

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetter)).ToLowerInvariant();
}
