using System.Collections.Immutable;
using System.Globalization;

namespace ActorIpam.Chaos.Load;

/// <summary>From the first attempt of a request to its definite answer, in microseconds of the common clock.</summary>
/// <param name="Call">What was asked.</param>
/// <param name="Asked">When it was asked first.</param>
/// <param name="Answered">When it was told something definite.</param>
/// <param name="IsRefused">It was told no: refused, or granted nothing.</param>
/// <param name="InVain">The attempts before that told nothing definite, in their order.</param>
internal readonly record struct Wait(string Call, long Asked, long Answered, bool IsRefused, ImmutableArray<Attempt> InVain)
{
    public TimeSpan Length => TimeSpan.FromMicroseconds(Answered - Asked);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{DateTimeOffset.UnixEpoch.AddMicroseconds(Asked):HH:mm:ss.fff} {Call} {Length.TotalMilliseconds:0} ms{(InVain.IsEmpty ? "" : ": " + string.Join(", ", InVain))}{(IsRefused ? ", refused in the end" : "")}");
}

/// <summary>One attempt that told nothing definite.</summary>
/// <param name="Member">Who was asked.</param>
/// <param name="Code">What it answered; 0 when there was no answer.</param>
/// <param name="Microseconds">How long it took.</param>
internal readonly record struct Attempt(string Member, int Code, long Microseconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Member} {(Code == 0 ? "silent" : Code)} {Microseconds / 1000} ms");
}
