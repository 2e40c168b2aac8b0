using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Resources;

/// <summary>Collects what is wrong with one resource, so that a user reads all of it at once.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<Refusal>.Builder _refusals = ImmutableArray.CreateBuilder<Refusal>();

    /// <param name="code">The reason.</param>
    /// <param name="field">The path of the field, which starts the sentence.</param>
    /// <param name="rest">The rest of the sentence, without its full stop.</param>
    public void Add(RefusalCode code, string field, string rest) => _refusals.Add(new(code, $"{field} {rest}.", field));

    public void CheckRange(string field, long? value, long least, long most)
    {
        if (value is { } given && (given < least || given > most))
        {
            Add(RefusalCode.OutOfRange, field, $"must be {least} to {most}, not {given}");
        }
    }

    /// <summary>Checks a bare address of one family; null and empty mean that none was given.</summary>
    public void CheckAddress(string field, string? text, IpFamily? family)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (!IpAddress.TryParse(text, out var address))
        {
            Add(RefusalCode.BadIp, field, $"must be an address without a prefix length, not '{text}'");
        }
        else
        {
            CheckFamily(field, text, address.Family, family);
        }
    }

    /// <summary>Checks an address with an optional prefix length; null and empty mean that none was given.</summary>
    public void CheckAddressWithPrefix(string field, string? text, IpFamily family)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (IpAddress.TryParse(text, out var address) || Cidr.TryParse(text, out _, out address))
        {
            CheckFamily(field, text, address.Family, family);
        }
        else
        {
            Add(RefusalCode.CidrInvalid, field, $"must be an address with or without a prefix length, not '{text}'");
        }
    }

    public ImmutableArray<Refusal> ToImmutable() => _refusals.ToImmutable();

    private void CheckFamily(string field, string text, IpFamily given, IpFamily? wanted)
    {
        if (wanted is { } family && given != family)
        {
            Add(RefusalCode.WrongFamily, field, $"must be of IPv{(int)family}, not '{text}'");
        }
    }
}
