using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorIpam.Storage.Portable;

/// <summary>Writes a backup: gzip over lines of JSON. A header, then for each table its name and its rows as arrays, then an end with the number of rows and the digest of all lines before it.</summary>
/// <remarks>It grows under another name and gets its own when it is whole and on the disk: a file of that name is never half a backup.</remarks>
internal sealed class BackupWriter : IAsyncDisposable
{
    private const int Chunk = 1 << 16;

    private readonly string _file, _growing;
    private readonly FileStream _disk;
    private readonly GZipStream _packed;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _lines = new(Chunk);
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);
    private PortableTable? _table;
    private bool _done;

    private BackupWriter(string file, string growing, FileStream disk) => (_file, _growing, _disk, _packed) = (file, growing, disk, new(disk, CompressionLevel.Fastest));

    /// <exception cref="CareException">There is such a file already, or it cannot be written.</exception>
    public static BackupWriter Open(string file, BackupHeader header)
    {
        if (File.Exists(file))
        {
            throw new CareException($"{file} is there already: a backup is never written over another.");
        }

        try
        {
            var writer = new BackupWriter(file, file + ".growing", new(file + ".growing", PrivateFile.Options(FileMode.Create)));
            writer.Line(header.Write());
            return writer;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(file, failure);
        }
    }

    public async ValueTask WriteAsync(PortableRow row, CancellationToken cancellation)
    {
        if (row.Table != _table)
        {
            _table = row.Table;
            _rows[_table.Name] = 0;
            Line(new JsonObject { ["table"] = _table.Name }.ToJsonString());
        }

        RowText.Write(_lines, row);
        _lines.Write("\n"u8);
        _rows[_table.Name]++;
        if (_lines.WrittenCount >= Chunk)
        {
            await FlushAsync(cancellation);
        }
    }

    /// <returns>The rows of each table that has any.</returns>
    public async ValueTask<ImmutableSortedDictionary<string, long>> EndAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        Line(new JsonObject
        {
            ["rows"] = new JsonObject(_rows.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["sha256"] = Convert.ToHexStringLower(_digest.GetHashAndReset()),
        }.ToJsonString());
        await FlushAsync(cancellation);
        try
        {
            await _packed.DisposeAsync();
            DurableFile.Sync(_growing);
            File.Move(_growing, _file);
            DurableFile.SyncFolder(_file);
        }
        catch (IOException failure)
        {
            throw Failed(_file, failure);
        }

        _done = true;
        return _rows.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _digest.Dispose();
        if (!_done)
        {
            await _disk.DisposeAsync();
            File.Delete(_growing);
        }
    }

    private static CareException Failed(string file, Exception failure) => new($"{file} cannot be written: {failure.Message}", failure);

    private void Line(string text)
    {
        Encoding.UTF8.GetBytes(text, _lines);
        _lines.Write("\n"u8);
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        try
        {
            _digest.AppendData(_lines.WrittenSpan);
            await _packed.WriteAsync(_lines.WrittenMemory, cancellation);
            _lines.ResetWrittenCount();
        }
        catch (IOException failure)
        {
            throw Failed(_file, failure);
        }
    }
}
