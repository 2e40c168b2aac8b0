using System.Text;
using System.Text.Json;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using Shouldly;
using Xunit;

namespace ActorIpam.Client.Tests;

/// <summary>The reader in one pass takes only what the strict one would read, and reads the same.</summary>
public sealed class QuickBodies
{
    [Theory]
    [InlineData("""{"host":"node-a","handle":"web-1"}""")]
    [InlineData("""{"host":"node-a","handle":"web-1","ipv4":1,"ipv6":2,"ipv4Pools":["a","10.0.0.0/8"],"ipv6Pools":[],"requestId":"r","issuedAt":"2026-08-04T14:02:00.1234567+02:00"}""")]
    [InlineData(""" { "use" : "Tunnel", "maxBlocks":3,"maxPerHandle":2, "host":"n\u00e9\n" } """)]
    [InlineData("""{"ipv6":1}""")]
    [InlineData("{}")]
    public void An_assignment_is_read_as_the_strict_reader_does(string body)
    {
        var utf8 = Encoding.UTF8.GetBytes(body);
        var quick = QuickBody.Assign(utf8).ShouldNotBeNull();
        var strict = RequestBody.Read(utf8, ApiJson.Default.AssignRequest, OneByDefault);
        JsonSerializer.Serialize(quick, ApiJson.Default.AssignRequest).ShouldBe(JsonSerializer.Serialize(strict.Value, ApiJson.Default.AssignRequest));
    }

    [Theory]
    [InlineData("""{"handle":"web-1"}""")]
    [InlineData("""{"handle":"web-1","host":"node-a","final":true,"issuedAt":"2026-08-04T14:02:00Z"}""")]
    [InlineData("""{"final":false}""")]
    public void A_release_is_read_as_the_strict_reader_does(string body)
    {
        var utf8 = Encoding.UTF8.GetBytes(body);
        QuickBody.ReleaseHandle(utf8).ShouldBe(RequestBody.Read(utf8, ApiJson.Default.ReleaseHandleRequest).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"host":"a"} {}""")]
    [InlineData("""{"host":"a","host":"b"}""")]
    [InlineData("""{"hots":"a"}""")]
    [InlineData("""{"host":null}""")]
    [InlineData("""{"host":7}""")]
    [InlineData("""{"ipv4":"1"}""")]
    [InlineData("""{"ipv4":1.5}""")]
    [InlineData("""{"ipv4":99999999999}""")]
    [InlineData("""{"ipv4Pools":["a",null]}""")]
    [InlineData("""{"ipv4Pools":"a"}""")]
    [InlineData("""{"issuedAt":"yesterday"}""")]
    [InlineData("""{"host":"\ud800"}""")]
    [InlineData("""{"attributes":{"a":"b"}}""")]
    public void Whatever_is_unusual_or_wrong_is_left_to_the_strict_reader(string body) => QuickBody.Assign(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    private static AssignRequest OneByDefault(AssignRequest request, JsonElement body) =>
        body.TryGetProperty("ipv4", out _) || body.TryGetProperty("ipv6", out _) ? request : request with { Ipv4 = 1 };
}
