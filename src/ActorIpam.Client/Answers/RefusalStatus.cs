using System.Collections.Immutable;
using ActorIpam.Domain;

namespace ActorIpam.Client.Answers;

/// <summary>How refusals look on the wire: the one place that knows which code is which HTTP status (api.md §2, §3).</summary>
public static class RefusalStatus
{
    /// <summary>A busy member is asked again after this many seconds.</summary>
    public const int BusyRetrySeconds = 1;

    /// <summary>A recovery takes as long as people take.</summary>
    public const int RecoveryRetrySeconds = 5;

    private const string Group = "projectcalico.org";

    /// <summary>The HTTP code of a refusal: 400 unreadable, 403, 404, 409 the state says no, 410, 429, 503, 507, and 422 for content that is not allowed.</summary>
    public static int HttpCode(RefusalCode code) => code switch
    {
        RefusalCode.Malformed or RefusalCode.UnknownField or RefusalCode.UnknownKind or RefusalCode.WrongType => 400,
        RefusalCode.OtherHost => 403,
        RefusalCode.NotFound => 404,
        RefusalCode.AlreadyExists or RefusalCode.Conflict => 409,
        RefusalCode.AlreadyAssigned or RefusalCode.BlockLimit or RefusalCode.AutoAllocateOff or RefusalCode.HandleLimit
            or RefusalCode.SeqConflict or RefusalCode.HandleConflict or RefusalCode.NotEmpty or RefusalCode.AffinityMismatch
            or RefusalCode.BlockNoAffinity or RefusalCode.Exhausted or RefusalCode.HandleClosed or RefusalCode.NotRecovering or RefusalCode.NotReported => 409,
        RefusalCode.RequestFinished or RefusalCode.HistoryExpired => 410,
        RefusalCode.TooBusy => 429,
        RefusalCode.Recovering => 503,
        RefusalCode.StorageFull => 507,
        _ => 422,
    };

    /// <summary>The Status of one or more refusals; the first decides the code.</summary>
    /// <param name="refusals">At least one, most important first.</param>
    /// <param name="kind">The kind of resource it is about, if any.</param>
    /// <param name="name">Its name, if any.</param>
    public static Status Of(ImmutableArray<Refusal> refusals, string? kind = null, string? name = null)
    {
        var first = refusals[0];
        var code = HttpCode(first.Code);
        return new()
        {
            Code = code,
            Reason = first.Code == RefusalCode.AlreadyExists ? nameof(RefusalCode.AlreadyExists) : ReasonOf(code),
            Message = Sentence(refusals, kind, name),
            Details = new()
            {
                Name = name,
                Kind = kind,
                Group = kind is null ? null : Group,
                Causes = [.. refusals.Select(r => new StatusCause(r.Code.ToString(), r.Message, r.Field))],
                RetryAfterSeconds = first.Code switch { RefusalCode.TooBusy => BusyRetrySeconds, RefusalCode.Recovering => RecoveryRetrySeconds, _ => null },
                Explanation = first.Details.IsEmpty ? null : first.Details,
            },
        };
    }

    public static Status Of(Refusal refusal, string? kind = null, string? name = null) => Of([refusal], kind, name);

    /// <summary>A Status that no refusal stands behind: what HTTP itself says no to (401, 405, 415 …).</summary>
    public static Status Of(int code, string message) => new() { Code = code, Reason = ReasonOf(code), Message = message };

    /// <summary>503: nobody can answer now; the same request may be sent again.</summary>
    public static Status Unavailable(string message) =>
        Of(503, message) with { Details = new() { RetryAfterSeconds = BusyRetrySeconds } };

    private static string Sentence(ImmutableArray<Refusal> refusals, string? kind, string? name)
    {
        var reasons = string.Join(" ", refusals.Select(r => r.Message));
        return kind is null || name is null || refusals.Any(r => r.Message.Contains(name, StringComparison.Ordinal))
            ? reasons
            : $"{kind} '{name}': {reasons}";
    }

    private static string ReasonOf(int code) => code switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Expired",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        507 => "StorageFull",
        _ => "InternalError",
    };
}
