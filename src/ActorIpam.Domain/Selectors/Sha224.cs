using System.Buffers.Binary;
using System.Numerics;

namespace ActorIpam.Domain.Selectors;

/// <summary>SHA-224 (FIPS 180-4), which .NET does not offer. Used for identities that other tools compute the same way, never for secrets.</summary>
internal static class Sha224
{
    private static readonly uint[] RoundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <returns>The digest, 28 bytes.</returns>
    public static byte[] Hash(ReadOnlySpan<byte> message)
    {
        uint[] state = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];
        var padded = Pad(message);
        for (var at = 0; at < padded.Length; at += 64)
        {
            Compress(state, padded.AsSpan(at, 64));
        }

        var digest = new byte[28];
        for (var i = 0; i < 7; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * 4), state[i]);
        }

        return digest;
    }

    /// <summary>The message, one set bit, zeros up to a whole number of 64 bytes, and its length in bits in the last eight.</summary>
    private static byte[] Pad(ReadOnlySpan<byte> message)
    {
        var padded = new byte[(message.Length + 72) / 64 * 64];
        message.CopyTo(padded);
        padded[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(padded.Length - 8), (ulong)message.Length * 8);
        return padded;
    }

    private static void Compress(uint[] state, ReadOnlySpan<byte> chunk)
    {
        // The standard's sums are sums modulo 2^32.
        unchecked
        {
            Span<uint> w = stackalloc uint[64];
            for (var i = 0; i < 64; i++)
            {
                w[i] = i < 16 ? BinaryPrimitives.ReadUInt32BigEndian(chunk[(i * 4)..]) : Extend(w, i);
            }

            var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
            for (var i = 0; i < 64; i++)
            {
                var sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
                var first = h + sum1 + ((e & f) ^ (~e & g)) + RoundConstants[i] + w[i];
                var sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
                var second = sum0 + ((a & b) ^ (a & c) ^ (b & c));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
            }

            uint[] words = [a, b, c, d, e, f, g, h];
            for (var i = 0; i < 8; i++)
            {
                state[i] += words[i];
            }
        }
    }

    private static uint Extend(ReadOnlySpan<uint> w, int i)
    {
        unchecked
        {
            var near = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
            var far = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
            return w[i - 16] + near + w[i - 7] + far;
        }
    }
}
