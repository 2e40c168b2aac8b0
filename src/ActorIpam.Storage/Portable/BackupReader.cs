using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace ActorIpam.Storage.Portable;

/// <summary>Reads a backup from one opened file, as often as is wanted: first to prove that it is whole, then for its rows.</summary>
internal sealed class BackupReader : IAsyncDisposable
{
    /// <summary>The longest line that is read: a snapshot of the largest block is far shorter.</summary>
    private const int LongestLine = 64 * 1024 * 1024;

    private readonly string _name;
    private readonly FileStream _disk;

    private BackupReader(string name, FileStream disk) => (_name, _disk) = (name, disk);

    public BackupHeader Header { get; private set; } = null!;

    /// <summary>The rows of each table that has any.</summary>
    public ImmutableSortedDictionary<string, long> Counts { get; private set; } = ImmutableSortedDictionary<string, long>.Empty;

    public long Bytes => _disk.Length;

    /// <summary>Opens a backup and reads it to its end: a file that is damaged or cut off is refused before anything is done with it.</summary>
    /// <exception cref="CareException">It is none, or damaged.</exception>
    public static async Task<BackupReader> OpenAsync(string file, CancellationToken cancellation)
    {
        BackupReader? reader = null;
        try
        {
            reader = new(file, new(file, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.SequentialScan }));
            await foreach (var _ in reader.RowsAsync(cancellation))
            {
            }

            return reader;
        }
        catch (Exception failure)
        {
            if (reader is not null)
            {
                await reader.DisposeAsync();
            }

            if (failure is not (IOException or UnauthorizedAccessException))
            {
                throw;
            }

            throw new CareException($"{file} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>All rows. What follows the last one proves them: whoever writes them down must not publish them before this has ended.</summary>
    /// <exception cref="CareException">It is damaged.</exception>
    public async IAsyncEnumerable<PortableRow> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _disk.Position = 0;
        await using var unpacked = new GZipStream(_disk, CompressionMode.Decompress, leaveOpen: true);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lines = PipeReader.Create(unpacked, new(leaveOpen: true));
        var (counts, table, hasHeader) = (new SortedDictionary<string, long>(StringComparer.Ordinal), (PortableTable?)null, false);
        while (await NextAsync(lines, cancellation) is { } line)
        {
            using var json = Parsed(line);
            var root = json.RootElement;
            if (!hasHeader)
            {
                (Header, hasHeader) = (Understood(() => BackupHeader.Read(root)), true);
            }
            else if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("sha256", out var told))
            {
                Counts = Understood(() => End(root, told.GetString(), digest.GetHashAndReset(), counts));
                MustBeTheEnd(await NextAsync(lines, cancellation));
                yield break;
            }
            else if (root.ValueKind == JsonValueKind.Object)
            {
                table = Understood(() => PortableTable.Named(root.GetProperty("table").GetString()!));
                counts.Add(table.Name, 0);
            }
            else if (table is not null)
            {
                var row = Understood(() => RowText.Read(table, root));
                counts[table.Name]++;
                yield return row;
            }
            else
            {
                throw Damaged("a row comes before its table");
            }

            digest.AppendData(line);
            digest.AppendData("\n"u8);
        }

        throw Damaged(hasHeader ? "it is cut off" : "it is empty");
    }

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    /// <summary>The next line without its end; null behind the last.</summary>
    private async ValueTask<byte[]?> NextAsync(PipeReader lines, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await lines.ReadAsync(cancellation);
            }
            catch (Exception failure) when (failure is InvalidDataException or IOException)
            {
                throw Damaged(failure.Message.TrimEnd('.'));
            }

            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                lines.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                return read.Buffer.IsEmpty ? null : throw Damaged("it is cut off");
            }

            if (read.Buffer.Length > LongestLine)
            {
                throw Damaged("a line of it has no end");
            }

            lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ImmutableSortedDictionary<string, long> End(JsonElement end, string? told, byte[] digest, SortedDictionary<string, long> counts)
    {
        if (told != Convert.ToHexStringLower(digest))
        {
            throw new FormatException("its digest is another than its end says");
        }

        var said = end.GetProperty("rows").EnumerateObject().ToImmutableSortedDictionary(static pair => pair.Name, static pair => pair.Value.GetInt64(), StringComparer.Ordinal);
        return said.SequenceEqual(counts) ? said : throw new FormatException("it has another number of rows than its end says");
    }

    private void MustBeTheEnd(byte[]? line)
    {
        if (line is not null)
        {
            throw Damaged("something follows its end");
        }
    }

    private JsonDocument Parsed(byte[] line) => Understood(() => JsonDocument.Parse(line));

    private T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw Damaged(failure.Message.TrimEnd('.'));
        }
    }

    private CareException Damaged(string why) => new($"{_name} is no backup that can be used: {why}. Nothing was written.");
}
