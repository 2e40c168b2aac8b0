using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorIpam.Domain.Blocks;

/// <summary>Some slots as one run of bytes that never changes: what a slot says takes fewer bytes so, and a million of them no million objects.</summary>
/// <remarks>
/// The end of each slot's bytes comes first, four bytes each, then the slots. A free slot has no bytes. Others: a byte of marks; the generation, seven bits a byte;
/// the texts, each its length and then one byte a character where all are ASCII, else two; the time, in ticks and minutes of offset.
/// </remarks>
internal static class SlotPage
{
    private const int EndBytes = sizeof(int), TimeBytes = sizeof(long) + sizeof(short);

    private const byte StateMarks = 0b11, HasHandle = 1 << 2, HasHolder = 1 << 3, IsVirtual = 1 << 4, HasTime = 1 << 5;

    /// <summary>A page of free slots.</summary>
    public static byte[] Free(int count)
    {
        var page = new byte[count * EndBytes];
        for (var index = 0; index < count; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(index * EndBytes), page.Length);
        }

        return page;
    }

    public static Slot Read(byte[] page, int index, int count)
    {
        var bytes = Bytes(page, index, count);
        if (bytes.IsEmpty)
        {
            return Slot.Free;
        }

        var marks = bytes[0];
        bytes = bytes[1..];
        var generation = ReadNumber(ref bytes);
        var handle = (marks & HasHandle) != 0 ? ReadText(ref bytes) : null;
        var holder = (marks & HasHolder) != 0 ? new Owner((marks & IsVirtual) != 0 ? OwnerKind.Virtual : OwnerKind.Host, ReadText(ref bytes)) : default;
        return new((SlotState)(marks & StateMarks), generation, handle, holder, (marks & HasTime) != 0 ? ReadTime(bytes) : null);
    }

    public static SlotState StateOf(byte[] page, int index, int count)
    {
        var bytes = Bytes(page, index, count);
        return bytes.IsEmpty ? SlotState.Free : (SlotState)(bytes[0] & StateMarks);
    }

    /// <summary>A copy with one slot changed.</summary>
    public static byte[] With(byte[] page, int index, int count, Slot slot)
    {
        var (from, to, length) = (Start(page, index, count), End(page, index), Length(slot));
        var changed = new byte[page.Length - (to - from) + length];
        page.AsSpan(0, from).CopyTo(changed);
        Write(changed.AsSpan(from, length), slot);
        page.AsSpan(to).CopyTo(changed.AsSpan(from + length));
        for (var later = index; later < count; later++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(later * EndBytes), End(page, later) - (to - from) + length);
        }

        return changed;
    }

    private static ReadOnlySpan<byte> Bytes(byte[] page, int index, int count) => page.AsSpan(Start(page, index, count)..End(page, index));

    private static int Start(byte[] page, int index, int count) => index == 0 ? count * EndBytes : End(page, index - 1);

    private static int End(byte[] page, int index) => BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(index * EndBytes));

    private static int Length(Slot slot) => slot == Slot.Free
        ? 0
        : 1 + NumberLength(slot.Generation) + (slot.Handle is { } handle ? TextLength(handle) : 0) + (slot.Holder.Name is { } name ? TextLength(name) : 0)
            + (slot.At is null ? 0 : TimeBytes);

    private static void Write(Span<byte> bytes, Slot slot)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        bytes[0] = (byte)((int)slot.State | (slot.Handle is null ? 0 : HasHandle) | (slot.Holder.Name is null ? 0 : HasHolder)
            | (slot.Holder.Kind == OwnerKind.Virtual ? IsVirtual : 0) | (slot.At is null ? 0 : HasTime));
        bytes = WriteNumber(bytes[1..], slot.Generation);
        bytes = slot.Handle is { } handle ? WriteText(bytes, handle) : bytes;
        bytes = slot.Holder.Name is { } name ? WriteText(bytes, name) : bytes;
        if (slot.At is { } at)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, at.Ticks);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[sizeof(long)..], (short)at.TotalOffsetMinutes);
        }
    }

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(bytes[sizeof(long)..])));

    private static int TextLength(string text)
    {
        var measure = Measure(text);
        return NumberLength(measure) + (measure % 2 == 0 ? text.Length : 2 * text.Length);
    }

    /// <summary>How many characters, and whether each takes two bytes, in one number.</summary>
    private static long Measure(string text) => (text.Length * 2L) + (System.Text.Ascii.IsValid(text) ? 0 : 1);

    private static Span<byte> WriteText(Span<byte> bytes, string text)
    {
        var measure = Measure(text);
        bytes = WriteNumber(bytes, measure);
        if (measure % 2 == 0)
        {
            System.Text.Ascii.FromUtf16(text, bytes, out _);
            return bytes[text.Length..];
        }

        MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(bytes);
        return bytes[(2 * text.Length)..];
    }

    private static string ReadText(ref ReadOnlySpan<byte> bytes)
    {
        var measure = ReadNumber(ref bytes);
        var length = (int)(measure / 2);
        string text;
        if (measure % 2 == 0)
        {
            text = string.Create(length, bytes[..length], static (characters, ascii) => System.Text.Ascii.ToUtf16(ascii, characters, out _));
            bytes = bytes[length..];
            return text;
        }

        text = new(MemoryMarshal.Cast<byte, char>(bytes[..(2 * length)]));
        bytes = bytes[(2 * length)..];
        return text;
    }

    private static int NumberLength(long number)
    {
        var length = 1;
        for (var left = (ulong)number >> 7; left != 0; left >>= 7)
        {
            length++;
        }

        return length;
    }

    private static Span<byte> WriteNumber(Span<byte> bytes, long number)
    {
        var (left, place) = ((ulong)number, 0);
        for (; left >= 0x80; left >>= 7)
        {
            bytes[place++] = (byte)((left & 0x7F) | 0x80);
        }

        bytes[place] = (byte)left;
        return bytes[(place + 1)..];
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        var place = 0;
        for (; bytes[place] >= 0x80; place++)
        {
            number |= (ulong)(bytes[place] & 0x7F) << (7 * place);
        }

        number |= (ulong)bytes[place] << (7 * place);
        bytes = bytes[(place + 1)..];
        return (long)number;
    }
}
