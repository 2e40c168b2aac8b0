using System.Text;

namespace ActorIpam.Client.Http;

/// <summary>One call: it can be sent more than once, to one member after the other.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, relative to the server's root.</param>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>True when sending it twice does no more than sending it once, so that silence may be answered by asking another member.</summary>
    public bool Repeatable { get; init; }

    public static ApiCall Get(string path) => new(HttpMethod.Get, path) { Repeatable = true };

    /// <summary>The same question about another time; what is no question stays as it is.</summary>
    public ApiCall AsOf(DateTimeOffset? at) => at is { } then && Method == HttpMethod.Get
        ? this with { Path = $"{Path}{(Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}at={Uri.EscapeDataString(then.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture))}" }
        : this;

    public HttpRequestMessage Message(Uri root, string? token)
    {
        var message = new HttpRequestMessage(Method, new Uri(root, Path));
        message.Headers.Accept.ParseAdd("application/json");
        if (token is not null)
        {
            message.Headers.Authorization = new("Bearer", token);
        }

        if (Body is not null)
        {
            message.Content = new StringContent(Body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue(ContentType));
        }

        return message;
    }
}

/// <summary>What a member answered.</summary>
internal sealed record ApiAnswer(ServerAddress From, int Code, byte[] Body)
{
    public bool Succeeded => Code is >= 200 and < 300;
}
