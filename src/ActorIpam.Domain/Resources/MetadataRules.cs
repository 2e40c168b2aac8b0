using System.Text;
using System.Text.RegularExpressions;

namespace ActorIpam.Domain.Resources;

/// <summary>What holds for the metadata of every kind (semantics.md §2.1).</summary>
internal static partial class MetadataRules
{
    private const int LongestName = 253;

    /// <summary>Keys and values of all annotations together, in bytes.</summary>
    private const int MostAnnotationBytes = 262_144;

    public static void Check(Metadata metadata, Findings found)
    {
        CheckName(metadata.Name, found);
        if (!string.IsNullOrEmpty(metadata.Namespace))
        {
            found.Add(RefusalCode.NamespaceNotAllowed, "metadata.namespace", "must be left out: all kinds here are cluster-wide");
        }

        foreach (var (key, value) in metadata.Labels)
        {
            CheckLabel(key, value, found);
        }

        CheckAnnotations(metadata, found);
    }

    /// <summary>True for a name that every tool accepts.</summary>
    public static bool IsLowerCaseSubdomain(string name) => name.Length <= LongestName && Subdomain().IsMatch(name);

    private static void CheckName(string name, Findings found)
    {
        if (name.Length == 0)
        {
            found.Add(RefusalCode.NameFormat, "metadata.name", "is required");
        }
        else if (name.Length > LongestName)
        {
            found.Add(RefusalCode.NameTooLong, "metadata.name", $"has {name.Length} characters; at most {LongestName} are allowed");
        }
        else if (!Name().IsMatch(name))
        {
            found.Add(RefusalCode.NameFormat, "metadata.name", $"must be letters and digits with '.', '_' and '-' inside and no two dots in a row, not '{name}'");
        }
    }

    private static void CheckLabel(string key, string value, Findings found)
    {
        var field = $"metadata.labels[{key}]";
        if (!IsQualifiedName(key, Subdomain()))
        {
            found.Add(RefusalCode.LabelKey, field, "has a key that is no label key: an optional lower-case DNS prefix and '/', then at most 63 letters, digits, '-', '_', '.'");
        }

        if (value.Length > 0 && !LabelPart().IsMatch(value))
        {
            found.Add(RefusalCode.LabelValue, field, "must be empty or at most 63 letters, digits, '-', '_', '.', starting and ending with a letter or digit");
        }
    }

    private static void CheckAnnotations(Metadata metadata, Findings found)
    {
        var bytes = 0L;
        foreach (var (key, value) in metadata.Annotations)
        {
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
            if (!IsQualifiedName(key, SubdomainOfAnyCase()))
            {
                found.Add(RefusalCode.AnnotationKey, $"metadata.annotations[{key}]", "has a key that is no annotation key: an optional DNS prefix and '/', then at most 63 letters, digits, '-', '_', '.'");
            }
        }

        if (bytes > MostAnnotationBytes)
        {
            found.Add(RefusalCode.AnnotationInvalid, "metadata.annotations", $"hold {bytes} bytes; at most {MostAnnotationBytes} are allowed");
        }
    }

    /// <summary>An optional prefix and '/', then the name part. Only the prefix of an annotation may have upper case.</summary>
    private static bool IsQualifiedName(string key, Regex prefix)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? LabelPart().IsMatch(key)
            : slash <= LongestName && prefix.IsMatch(key[..slash]) && LabelPart().IsMatch(key[(slash + 1)..]);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9_-]|\.(?!\.))*(?<=[A-Za-z0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPart();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubdomainOfAnyCase();
}
