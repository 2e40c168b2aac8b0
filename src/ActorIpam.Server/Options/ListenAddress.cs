using System.Net;

namespace ActorIpam.Server.Options;

/// <summary>Where the API answers.</summary>
/// <param name="IsHttps">Whether the connection is encrypted.</param>
/// <param name="Host">As it stands in a URL, <c>[::1]</c> with brackets.</param>
/// <param name="Address">What is bound.</param>
/// <param name="Port">0 for any free port.</param>
internal sealed record ListenAddress(bool IsHttps, string Host, IPAddress Address, int Port)
{
    /// <summary>Only this machine reaches it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <exception cref="BadOptionException">It is no http or https URL with an address.</exception>
    public static ListenAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            throw new BadOptionException($"--listen: '{text}' is not an address such as http://127.0.0.1:7080 or https://[::1]:7443.");
        }

        var address = url.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(url.DnsSafeHost, out var parsed) ? parsed
            : throw new BadOptionException($"--listen: write the address instead of the name '{url.Host}', for example http://127.0.0.1:{url.Port}.");
        return new(url.Scheme == "https", url.Host, address, url.Port);
    }

    /// <summary>The URL as users write it, with the port that was bound.</summary>
    public string UrlWith(int port) => $"{(IsHttps ? "https" : "http")}://{Host}:{port}";
}
