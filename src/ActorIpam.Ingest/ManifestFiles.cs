using System.Collections.Immutable;
using System.Text;

namespace ActorIpam.Ingest;

/// <summary>Reads manifests from files, folders and standard input.</summary>
public static class ManifestFiles
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="paths">Files, folders (their .yaml, .yml and .json files in any case, in lexical order) or <c>-</c>, taken in this order.</param>
    /// <param name="recursive">Whether folders inside folders are read too.</param>
    /// <param name="standardInput">What <c>-</c> reads; read at most once.</param>
    /// <returns>Everything of all of them, or every problem of any of them.</returns>
    public static Ingestion Read(IReadOnlyList<string> paths, bool recursive, Func<Stream> standardInput)
    {
        var all = paths.SelectMany(path => Expand(path, recursive)).Select(file => ReadOne(file, standardInput)).ToList();
        var problems = all.SelectMany(one => one.Problems).ToImmutableArray();
        return problems.IsEmpty ? new([.. all.SelectMany(one => one.Resources)], []) : new([], problems);
    }

    private static List<string> Expand(string path, bool recursive)
    {
        if (path == StandardInput || !Directory.Exists(path))
        {
            return [path];
        }

        return
        [
            .. Directory.EnumerateFiles(path, "*", recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
                .Where(file => IsYaml(file) || IsJson(file))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static Ingestion ReadOne(string path, Func<Stream> standardInput)
    {
        try
        {
            using var stream = path == StandardInput ? standardInput() : File.OpenRead(path);
            return Manifests.Read(path, TextOf(stream), json: IsJson(path));
        }
        catch (DecoderFallbackException)
        {
            return Broken(path, "The file is not text in UTF-8.");
        }
        catch (FileNotFoundException)
        {
            return Broken(path, "There is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Broken(path, e.Message);
        }
    }

    private static string TextOf(Stream stream)
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            if (bytes.Length + read > IngestLimits.MaxInputBytes)
            {
                throw new IOException($"It is larger than {IngestLimits.MaxInputBytes / (1024 * 1024)} MiB.");
            }

            bytes.Write(chunk, 0, read);
        }

        return StrictUtf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static Ingestion Broken(string path, string message) => new([], [new(path, null, null, message)]);

    private static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool IsYaml(string path) =>
        path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}
