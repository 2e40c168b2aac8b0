using ActorIpam.Conformance.Cases;
using ActorIpam.Engine.Door;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>What the player of a step works with.</summary>
/// <param name="World">The world the scenario plays in.</param>
/// <param name="Saved">What earlier steps kept.</param>
/// <param name="Fields">The step as written.</param>
/// <param name="Expect">What it must give.</param>
internal sealed record Step(World World, Saved Saved, Fields Fields, Expectation Expect)
{
    public IpamDoor Door => World.Door;

    /// <summary>The texts of a list that may hold references; none when the field is absent.</summary>
    public IReadOnlyList<string> Texts(string name) => Fields.Find(name) is { } value ? Saved.Texts(value) : [];
}
