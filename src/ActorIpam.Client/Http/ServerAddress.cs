using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ActorIpam.Client.Http;

/// <summary>Where a member answers: an http or https URL, or a unix socket written <c>unix:/path</c>.</summary>
public sealed record ServerAddress
{
    private ServerAddress(string text, Uri root, string? socket)
    {
        Text = text;
        Root = root;
        Socket = socket;
    }

    /// <summary>As the user wrote it: what messages name.</summary>
    public string Text { get; }

    /// <summary>What paths are appended to; for a socket a host that is never looked up.</summary>
    public Uri Root { get; }

    /// <summary>The path of the unix socket; null for a URL.</summary>
    public string? Socket { get; }

    /// <summary>Parses <c>URL[,URL…]</c>.</summary>
    /// <param name="text">One or more addresses.</param>
    /// <param name="addresses">In the order given.</param>
    /// <param name="why">The sentence that says what is wrong.</param>
    public static bool TryParseList(string? text, out ImmutableArray<ServerAddress> addresses, [NotNullWhen(false)] out string? why)
    {
        addresses = [];
        var parsed = ImmutableArray.CreateBuilder<ServerAddress>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(part) is not { } address)
            {
                why = $"'{part}' is not the address of a server: write http://HOST:PORT, https://HOST:PORT or unix:/PATH.";
                return false;
            }

            parsed.Add(address);
        }

        addresses = parsed.ToImmutable();
        why = parsed.Count > 0 ? null : "No server is named: write http://HOST:PORT, https://HOST:PORT or unix:/PATH.";
        return why is null;
    }

    public override string ToString() => Text;

    private static ServerAddress? Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = text["unix:".Length..];
            path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
            return path.StartsWith('/') ? new(text, new("http://localhost/"), path) : null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? new(text, new(uri.AbsoluteUri.TrimEnd('/') + "/"), null)
            : null;
    }
}
