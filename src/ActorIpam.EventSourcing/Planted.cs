#if PLANTED_BUGS
namespace ActorIpam.EventSourcing;

/// <summary>A small fault that a test switched on, to prove that the simulator finds it. This type exists in a build that never ships.</summary>
/// <remarks>A world runs on one thread, so that worlds with different faults can run side by side.</remarks>
public static class Planted
{
    [ThreadStatic]
    private static string? _bug;

    /// <summary>True if the fault of this name is switched on for this thread.</summary>
    public static bool Is(string bug) => _bug == bug;

    /// <summary>Switches a fault on for this thread; null for none.</summary>
    public static void Set(string? bug) => _bug = bug;
}
#endif
