using System.Text;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using Shouldly;
using Xunit;

namespace ActorIpam.Client.Tests;

public sealed class RequestBodies
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var read = Read("""{"host": "n1", "ipv4": 2, "hostReservedIpv4": {"start": 3, "end": 1}, "attributes": {"pod": "web-1"}}""").Value;

        read.Host.ShouldBe("n1");
        read.Ipv4.ShouldBe(2);
        read.Ipv6.ShouldBe(0);
        read.Ipv4Pools.ShouldBeEmpty();
        read.Use.ShouldBe("Workload");
        read.HostReservedIpv4.ShouldBe(new HostReservation(3, 1, null));
        read.Attributes!["pod"].ShouldBe("web-1");
    }

    [Theory]
    [InlineData("""{"hots": "n1"}""", RefusalCode.UnknownField, "hots", "hots is not a field of this request.")]
    [InlineData("""{"Host": "n1"}""", RefusalCode.UnknownField, "Host", "Host is not a field of this request.")]
    [InlineData("""{"hostReservedIpv4": {"first": 1}}""", RefusalCode.UnknownField, "hostReservedIpv4.first", "hostReservedIpv4.first is not a field of this request.")]
    [InlineData("""{"ipv4": "2"}""", RefusalCode.WrongType, "ipv4", "ipv4 must be a whole number below 2,147,483,648.")]
    [InlineData("""{"ipv4": 1.5}""", RefusalCode.WrongType, "ipv4", "ipv4 must be a whole number below 2,147,483,648.")]
    [InlineData("""{"ipv4": null}""", RefusalCode.WrongType, "ipv4", "ipv4 must not be null.")]
    [InlineData("""{"host": 7}""", RefusalCode.WrongType, "host", "host must be a text.")]
    [InlineData("""{"ipv4Pools": "web"}""", RefusalCode.WrongType, "ipv4Pools", "ipv4Pools must be a list.")]
    [InlineData("""{"ipv4Pools": ["web", null]}""", RefusalCode.WrongType, "ipv4Pools[1]", "ipv4Pools[1] must not be null.")]
    [InlineData("""{"attributes": {"a": 1}}""", RefusalCode.WrongType, "attributes.a", "attributes.a must be a text.")]
    [InlineData("""{"attributes": ["a"]}""", RefusalCode.WrongType, "attributes", "attributes must be an object of texts.")]
    [InlineData("""{"allOrNothing": "true"}""", RefusalCode.WrongType, "allOrNothing", "allOrNothing must be true or false.")]
    [InlineData("""{"issuedAt": "yesterday"}""", RefusalCode.WrongType, "issuedAt", "issuedAt must be an instant such as 2026-08-04T14:02:00Z.")]
    [InlineData("[]", RefusalCode.WrongType, null, "The body must be an object.")]
    [InlineData("null", RefusalCode.Malformed, null, "The body is null; a JSON object is expected.")]
    [InlineData("", RefusalCode.Malformed, null, "The request has no body; a JSON object is expected.")]
    public void What_does_not_fit_is_refused_with_its_path(string body, RefusalCode code, string? field, string sentence) =>
        Read(body).Refusals.ShouldBe([new Refusal(code, sentence, field)]);

    [Theory]
    [InlineData("""{"host": """)]
    [InlineData("""{"host": "n1", "host": "n2"}""")]
    [InlineData("host: n1")]
    public void What_is_no_json_is_malformed(string body)
    {
        var refusal = Read(body).Refusals.ShouldHaveSingleItem();

        refusal.Code.ShouldBe(RefusalCode.Malformed);
        refusal.Message.ShouldStartWith("The body is not readable JSON: ");
        refusal.Message.ShouldNotContain("LineNumber");
    }

    [Fact]
    public void Every_problem_is_told_at_once() =>
        Read("""{"ipv4": "2", "nope": 1, "use": false}""").Refusals.Select(r => r.Field).ShouldBe(["ipv4", "nope", "use"]);

    [Fact]
    public void Entries_of_a_list_of_objects_are_read_as_strictly() =>
        RequestBody.Read(Encoding.UTF8.GetBytes("""{"addresses": [{"ip": "10.0.0.1", "generation": 4}, {"ip": "10.0.0.2", "seq": 1}]}"""), ApiJson.Default.ReleaseRequest)
            .Refusals.ShouldHaveSingleItem().Field.ShouldBe("addresses[1].seq");

    private static Answer<AssignRequest> Read(string body) => RequestBody.Read(Encoding.UTF8.GetBytes(body), ApiJson.Default.AssignRequest);
}
