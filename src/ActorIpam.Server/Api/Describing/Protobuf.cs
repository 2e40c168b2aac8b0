using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorIpam.Server.Api.Describing;

/// <summary>Writes a message of protocol buffers, field by field. A field without a value is left out.</summary>
internal sealed class Protobuf
{
    private const int Fixed64 = 1, LengthPrefixed = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public Protobuf Text(int field, JsonNode? value) => value is null ? this : Prefixed(field, Encoding.UTF8.GetBytes(value.GetValue<string>()));

    public Protobuf Message(int field, Protobuf message) => Prefixed(field, message.ToArray());

    /// <summary>A value of any shape as its YAML, of which JSON is a part.</summary>
    public Protobuf Any(int field, JsonNode? value) =>
        value is null ? this : Message(field, new Protobuf().Prefixed(2, Encoding.UTF8.GetBytes(value.ToJsonString())));

    public Protobuf Number(int field, JsonNode? value)
    {
        if (value is not null)
        {
            Span<byte> eight = stackalloc byte[sizeof(double)];
            BinaryPrimitives.WriteDoubleLittleEndian(eight, value.GetValue<long>());
            Varint((uint)((field << 3) | Fixed64));
            _bytes.Write(eight);
        }

        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private Protobuf Prefixed(int field, byte[] content)
    {
        Varint((uint)((field << 3) | LengthPrefixed));
        Varint((uint)content.Length);
        _bytes.Write(content);
        return this;
    }

    private void Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value & 0x7F | 0x80)]);
        }

        _bytes.Write([(byte)value]);
    }
}
