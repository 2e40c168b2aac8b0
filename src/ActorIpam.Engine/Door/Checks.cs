using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Engine.Door;

/// <summary>Looks at what came in before anything is done with it; every refusal names its field (protocol.md §6, security).</summary>
internal sealed class Checks
{
    public const int MostAddresses = 1024, MostHandle = 256, MostAttributes = 32, MostAttribute = 256, MostPools = 64, MostRequestId = 256;

    private readonly ImmutableArray<Refusal>.Builder _refusals = ImmutableArray.CreateBuilder<Refusal>();

    public bool AreBad => _refusals.Count > 0;

    public ImmutableArray<Refusal> Refusals => _refusals.ToImmutable();

    public void Say(RefusalCode code, string field, string message) => _refusals.Add(new(code, message, field));

    public void Host(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            Say(RefusalCode.Invalid, "host", "host is required.");
        }
        else if (host.Length > 253 || !host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            Say(RefusalCode.NameInvalid, "host", "host is a name of at most 253 letters, digits, '.', '_' and '-'.");
        }
    }

    public void Handle(string? handle, bool required = false)
    {
        if (string.IsNullOrEmpty(handle))
        {
            if (required || handle is not null)
            {
                Say(RefusalCode.Invalid, "handle", "handle must not be empty.");
            }
        }
        else if (handle.Length > MostHandle || handle.Any(static c => char.IsControl(c)))
        {
            Say(RefusalCode.Invalid, "handle", $"handle is at most {MostHandle} printable characters.");
        }
    }

    public void RequestId(string? id)
    {
        if (id is not null && (id.Length is 0 or > MostRequestId || id.Any(static c => char.IsControl(c))))
        {
            Say(RefusalCode.Invalid, "requestId", $"requestId is 1 to {MostRequestId} printable characters.");
        }
    }

    public void Count(string field, int count, int most)
    {
        if (count < 0 || count > most)
        {
            Say(RefusalCode.OutOfRange, field, $"{field} is {count}; it is from 0 to {most}.");
        }
    }

    public void Attributes(ImmutableSortedDictionary<string, string>? attributes)
    {
        foreach (var (key, value) in attributes ?? Metadata.EmptyMap)
        {
            if (key.Length is 0 or > MostAttribute || value is null || value.Length > MostAttribute)
            {
                Say(RefusalCode.Invalid, $"attributes[{key}]", $"An attribute's key and value are at most {MostAttribute} characters each, and neither is missing.");
            }
        }

        if (attributes?.Count > MostAttributes)
        {
            Say(RefusalCode.TooMany, "attributes", $"At most {MostAttributes} attributes, not {attributes.Count}.");
        }
    }

    public void Pools(string field, ImmutableArray<string> pools)
    {
        if (!pools.IsDefault && pools.Length > MostPools)
        {
            Say(RefusalCode.TooMany, field, $"At most {MostPools} pools, not {pools.Length}.");
        }
    }

    /// <summary>Reads a use; one that was not stated is null and refused only when it is required.</summary>
    public PoolUse? Use(string? use, bool required)
    {
        if (string.IsNullOrEmpty(use))
        {
            if (required)
            {
                Say(RefusalCode.UseRequired, "use", "use is required: Workload, Tunnel or LoadBalancer.");
            }

            return null;
        }

        if (PoolUses.TryParse(use, out var parsed))
        {
            return parsed;
        }

        Say(RefusalCode.UseEnum, "use", $"'{use}' is no use: Workload, Tunnel or LoadBalancer.");
        return null;
    }

    public HostReserved? Reservation(string field, HostReservation? reservation)
    {
        if (reservation is null)
        {
            return null;
        }

        if (reservation.Start < 0 || reservation.End < 0 || reservation.Start + (long)reservation.End is 0 or > 4096)
        {
            Say(RefusalCode.Invalid, field, $"{field} keeps 1 to 4096 addresses in all, none of the two counts negative.");
            return null;
        }

        return new(reservation.Start, reservation.End, reservation.Handle);
    }

    /// <summary>The digest of a request's body, without what may differ between attempts.</summary>
    public static string Digest<TBody>(TBody body) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body)));

    /// <summary>The digest of attributes as events carry it; null when there are none.</summary>
    public static string? AttributesDigest(ImmutableSortedDictionary<string, string>? attributes) =>
        attributes is null or { IsEmpty: true } ? null : Digest(attributes.ToArray())[..32];
}
