using System.Collections.Frozen;
using ActorIpam.Conformance.Cases;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>All steps by their name in the cases; <c>parallel</c> and <c>advance</c> belong to the scenario itself.</summary>
internal static class Steps
{
    private static readonly FrozenDictionary<string, Func<Step, Task>> All = new Dictionary<string, Func<Step, Task>>
    {
        ["auto_assign"] = AssignSteps.AutoAssignAsync,
        ["assign_ip"] = AssignSteps.AssignIpAsync,
        ["ensure_block"] = AssignSteps.EnsureBlockAsync,
        ["release_ips"] = ReleaseSteps.ReleaseIpsAsync,
        ["release_handle"] = ReleaseSteps.ReleaseHandleAsync,
        ["claim_affinity"] = AffinitySteps.ClaimAsync,
        ["release_affinity"] = AffinitySteps.ReleaseAsync,
        ["release_host_affinities"] = AffinitySteps.ReleaseHostAsync,
        ["release_pool_affinities"] = AffinitySteps.ReleasePoolAsync,
        ["apply_pool"] = ResourceSteps.ApplyPoolAsync,
        ["update_pool"] = ResourceSteps.UpdatePoolAsync,
        ["delete_pool"] = ResourceSteps.DeletePoolAsync,
        ["set_config"] = ResourceSteps.SetConfigAsync,
        ["set_reservations"] = ResourceSteps.SetReservationsAsync,
        ["set_node_labels"] = ResourceSteps.SetNodeLabelsAsync,
        ["remember_seq"] = LookSteps.RememberSeqAsync,
        ["ips_by_handle"] = LookSteps.IpsByHandleAsync,
        ["utilization"] = LookSteps.UtilizationAsync,
        ["check"] = CheckStep.CheckAsync,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="CaseFormatException">There is no such step.</exception>
    public static Func<Step, Task> Of(string op, string path) =>
        All.TryGetValue(op, out var play) ? play : throw new CaseFormatException(path, $"unknown step '{op}'.");
}
