using System.Globalization;
using System.Reflection;

namespace ActorIpam.Storage;

/// <summary>One change of the tables. It is never edited after its release; a later step changes what it made.</summary>
/// <param name="Version">Its number; steps are done in ascending order, and a gap between numbers means nothing.</param>
/// <param name="Sql">The statements.</param>
internal sealed record SchemaStep(int Version, string Sql)
{
    /// <summary>The embedded steps of a kind of storage: resources named prefix, four digits, dash, name.</summary>
    public static IReadOnlyList<SchemaStep> ReadAll(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from name in assembly.GetManifestResourceNames()
               where name.StartsWith(prefix, StringComparison.Ordinal)
               let version = int.Parse(name.AsSpan(prefix.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture)
               orderby version
               select new SchemaStep(version, TextOf(assembly, name)),
        ];
    }

    private static string TextOf(Assembly assembly, string name)
    {
        using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return text.ReadToEnd();
    }
}
