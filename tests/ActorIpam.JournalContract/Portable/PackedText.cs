using System.IO.Compression;

namespace ActorIpam.JournalContract.Portable;

/// <summary>A packed file, unpacked, changed and packed again.</summary>
internal static class PackedText
{
    public static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        await using var unpacked = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        return await new StreamReader(unpacked).ReadToEndAsync(cancellation);
    }

    public static async Task WriteAsync(string file, string text, CancellationToken cancellation)
    {
        await using var packed = new StreamWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest));
        await packed.WriteAsync(text.AsMemory(), cancellation);
    }
}
