using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ActorIpam.Server.Security;

/// <summary>The text of a bearer token: a prefix that secret scanners can look for, and 256 random bits.</summary>
/// <remarks>
/// Only the SHA-256 of it is kept. A slow hash is for secrets that can be guessed; nobody guesses 256 random bits, and a slow hash on every request would be
/// a way to stop the member. Found by digest in a table, it leaks nothing by the time that takes: whoever learns how digests begin has learnt nothing of a text.
/// </remarks>
internal static class TokenText
{
    public const string Prefix = "aipam_";

    private const int SecretBytes = 32;

    /// <summary>A bootstrap token is written by people and their tools: shorter ones are refused.</summary>
    public const int ShortestBootstrap = 32;

    /// <summary>Whatever is longer is no token, and is not even hashed.</summary>
    public const int Longest = 512;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <returns>64 hexadecimal digits in lower case.</returns>
    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
