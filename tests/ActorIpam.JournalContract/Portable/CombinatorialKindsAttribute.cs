using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ActorIpam.JournalContract.Portable;

/// <summary>Every kind of storage, into every kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialKindsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<Xunit.ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        .. from one in Enum.GetValues<StorageKind>()
           from other in Enum.GetValues<StorageKind>()
           select new Xunit.TheoryDataRow(one, other),
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
