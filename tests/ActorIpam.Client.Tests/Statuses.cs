using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using Shouldly;
using Xunit;

namespace ActorIpam.Client.Tests;

public sealed class Statuses
{
    [Theory]
    [InlineData(RefusalCode.Malformed, 400, "BadRequest")]
    [InlineData(RefusalCode.UnknownField, 400, "BadRequest")]
    [InlineData(RefusalCode.NotFound, 404, "NotFound")]
    [InlineData(RefusalCode.AlreadyExists, 409, "AlreadyExists")]
    [InlineData(RefusalCode.Conflict, 409, "Conflict")]
    [InlineData(RefusalCode.BlockLimit, 409, "Conflict")]
    [InlineData(RefusalCode.HandleClosed, 409, "Conflict")]
    [InlineData(RefusalCode.RequestFinished, 410, "Expired")]
    [InlineData(RefusalCode.CidrNotMasked, 422, "Invalid")]
    [InlineData(RefusalCode.RequestMismatch, 422, "Invalid")]
    [InlineData(RefusalCode.NodeMissing, 422, "Invalid")]
    [InlineData(RefusalCode.TooBusy, 429, "TooManyRequests")]
    [InlineData(RefusalCode.StorageFull, 507, "StorageFull")]
    public void A_refusal_has_its_http_code(RefusalCode code, int http, string reason)
    {
        var status = RefusalStatus.Of(new Refusal(code, "No."));

        (status.Code, status.Reason).ShouldBe((http, reason));
        status.Details!.Causes!.Value.ShouldBe([new StatusCause(code.ToString(), "No.", null)]);
    }

    [Fact]
    public void Every_code_has_an_http_code_of_an_error() =>
        Enum.GetValues<RefusalCode>().ShouldAllBe(code => RefusalStatus.HttpCode(code) >= 400);

    [Fact]
    public void A_busy_member_says_when_to_come_back() =>
        RefusalStatus.Of(new Refusal(RefusalCode.TooBusy, "Too many wait.")).Details!.RetryAfterSeconds.ShouldBe(1);

    [Fact]
    public void A_status_looks_as_in_kubernetes()
    {
        var status = RefusalStatus.Of([new(RefusalCode.CidrNotMasked, "spec.cidr has host bits set.", "spec.cidr"), new(RefusalCode.IpipEnum, "spec.ipipMode is odd.", "spec.ipipMode")], "IPPool", "web");

        JsonSerializer.Serialize(status, ApiJson.Readable.Status).ShouldBe(string.Concat("""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"IPPool 'web': spec.cidr has host bits set. spec.ipipMode is odd.",
            "reason":"Invalid","details":{"name":"web","group":"projectcalico.org","kind":"IPPool","causes":[
            {"reason":"CidrNotMasked","message":"spec.cidr has host bits set.","field":"spec.cidr"},
            {"reason":"IpipEnum","message":"spec.ipipMode is odd.","field":"spec.ipipMode"}]},"code":422}
            """.Split('\n')));
    }

    [Fact]
    public void A_partial_result_carries_the_status_of_its_refusal()
    {
        var reply = AssignReply.Of(new() { Refusal = new(RefusalCode.BlockLimit, "The host has its 20 blocks."), Messages = [new("block_limit:20", "Enough.", 4)] });

        var json = JsonSerializer.SerializeToElement(reply, ApiJson.Default.AssignReply);

        json.GetProperty("ipv4").GetArrayLength().ShouldBe(0);
        json.GetProperty("messages")[0].GetProperty("code").GetString().ShouldBe("block_limit:20");
        json.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(409);
        json.TryGetProperty("refusal", out _).ShouldBeFalse();
    }

    [Fact]
    public void Codes_are_words_in_camel_case() =>
        JsonSerializer.Serialize(new ReleaseAnswer { Errors = [new("10.0.0.1", RefusalCode.SeqConflict, "Newer.")] }, ApiJson.Default.ReleaseAnswer)
            .ShouldBe("""{"released":[],"unallocated":[],"errors":[{"ip":"10.0.0.1","code":"SeqConflict","message":"Newer."}]}""");
}
